/** Buttons above the cards, one for each group of the pictures' tags: pressing one shows only its pictures. */
import { announce } from './announce.js';
import { button, found } from './element.js';
import { counted } from './quantities.js';
import { ROOF } from './tags.js';

/** @typedef {import('../../client/answers.ts').Classification} Classification */
/** @typedef {{ readonly answer?: Classification, readonly card: { readonly element: HTMLElement } }} Shown */

/** Deeper groups have few pictures each. */
const DEEPEST = 2;

const ALL = 'All';
const NO_TAG = 'no tag';

const place = found('chips', HTMLElement);

/** By name; elements are reused so that a focused one stays. @type {Map<string, HTMLButtonElement>} */
const buttons = new Map();

let chosen = ALL;

/** @type {readonly Shown[]} */
let pictures = [];

/** Shows all pictures again. */
export function showAll() {
  chosen = ALL;
}

/** @param {readonly Shown[]} shown every picture on the page */
export function updateChips(shown) {
  pictures = shown;
  const answers = pictures.flatMap(({ answer }) => (answer ? [answer] : []));
  const counts = countsOf(answers);
  if (chosen !== ALL && !counts.has(chosen)) chosen = ALL;
  const names = [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
  const focused = document.activeElement;
  // With one picture, or one group for all pictures, there is nothing to choose.
  place.hidden = pictures.length < 2 || names.length < 2;
  place.replaceChildren(
    ...[ALL, ...names].map((name) => chip(name, name === ALL ? pictures.length : counts.get(name))),
  );
  if (focused instanceof HTMLButtonElement && place.contains(focused)) focused.focus();
  for (const { card, answer } of pictures) card.element.hidden = !matches(answer);
}

/** @param {readonly Classification[]} answers */
function countsOf(answers) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const answer of answers) {
    for (const name of groupsOf(answer)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** @param {Classification} answer */
function groupsOf({ tags, tag }) {
  if (tag === null) return [NO_TAG];
  return tags
    .filter(({ level, group }) => group !== undefined && group !== ROOF && level <= DEEPEST)
    .map(({ name }) => name);
}

/** @param {Classification | undefined} answer */
function matches(answer) {
  return chosen === ALL || (answer !== undefined && groupsOf(answer).includes(chosen));
}

/**
 * @param {string} name
 * @param {number | undefined} count
 */
function chip(name, count) {
  const element = buttons.get(name) ?? button('', () => choose(name), { class: 'chip' });
  buttons.set(name, element);
  element.textContent = `${name} ${count ?? 0}`;
  element.setAttribute('aria-pressed', String(name === chosen));
  return element;
}

/** @param {string} name */
function choose(name) {
  chosen = name === chosen ? ALL : name;
  updateChips(pictures);
  const shown = pictures.filter(({ card }) => !card.element.hidden).length;
  announce(`${shown} of ${counted(pictures.length, 'picture')} shown.`);
}
