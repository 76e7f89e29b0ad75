/** The cosines of pictures as a table, each cell the warmer the more alike two are. */
import { closest, cosine } from './cosine.js';
import { made } from './element.js';

/** @typedef {{ name: string, small: Node[], vector: Float32Array }} Compared */

/** @param {Compared[]} pictures two or more */
export function matrix(pictures) {
  const head = made('tr', {}, made('td', {}));
  for (const [at, { name, small }] of pictures.entries()) {
    head.append(
      made(
        'th',
        { scope: 'col', title: name },
        ...small.map(copied),
        number(at),
        made('span', { class: 'unseen' }, name),
      ),
    );
  }
  const rows = pictures.map(({ name, small, vector }, row) => {
    const title = made('span', { class: 'name', title: name }, name);
    const cells = pictures.map((other, column) => cell(row === column ? 1 : cosine(vector, other.vector)));
    return made('tr', {}, made('th', { scope: 'row' }, number(row), ...small.map(copied), title), ...cells);
  });
  return [
    made('p', { class: 'alike' }, mostAlike(pictures)),
    made(
      'div',
      // It scrolls where many pictures meet a narrow screen, so it takes the focus.
      { class: 'scrolls', tabindex: '0', role: 'region', 'aria-label': 'Table of cosines' },
      made(
        'table',
        { 'aria-label': 'Cosine of each two pictures' },
        made('thead', {}, head),
        made('tbody', {}, ...rows),
      ),
    ),
  ];
}

/** @param {Compared[]} pictures two or more */
export function mostAlike(pictures) {
  const [first, second] = closest(pictures.map(({ vector }) => vector)).map((at) => pictures[at]);
  if (!first || !second) return '';
  return `Most alike: ${first.name} and ${second.name}, ${hundredths(cosine(first.vector, second.vector))}.`;
}

/** @param {number} value */
function cell(value) {
  const element = made('td', {}, hundredths(value));
  const heat = Math.min(1, Math.max(0, value));
  element.style.setProperty('--heat', `${(heat * 100).toFixed(0)}%`);
  return element;
}

/** @param {number} value */
const hundredths = (value) => (Math.round(value * 100) / 100 + 0).toFixed(2).replace('-', '−');

/** @param {number} at */
const number = (at) => made('span', { class: 'number', 'aria-hidden': 'true' }, String(at + 1));

/** @param {Node} node */
const copied = (node) => node.cloneNode();
