/** What a screen reader says of what happens elsewhere on the page. */
import { found } from './element.js';

/** Several pictures may be answered at once: what comes within this time is said together. */
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
