/** Announcements to screen readers of changes elsewhere on the page. */
import { found } from './element.js';

/** Several pictures may be answered at once: announcements within this time are combined. */
const TOGETHER_MS = 400;

/** @type {string[]} */
const waiting = [];

/** @param {string} text */
export function announce(text) {
  waiting.push(text);
  if (waiting.length > 1) return;
  setTimeout(() => {
    found('status', HTMLElement).textContent = waiting.splice(0).join(' ');
  }, TOGETHER_MS);
}
