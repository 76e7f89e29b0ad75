/** The tag of a picture, large, and the groups on the path to it. */
import { made } from './element.js';
import { percent } from './quantities.js';

/** @typedef {import('../../client/answers.ts').Classification} Classification */

/** True of things, but of no use to a reader. */
export const ROOF = 'object';

/** @param {Classification} answer */
export function tagged({ tags, tag }) {
  if (tag === null)
    return made('p', { class: 'subject none' }, 'No tag: no group of things is likely enough.');
  const above = tags.slice(0, -1).filter(({ group }) => group !== ROOF);
  const score = tags.at(-1)?.score ?? 0;
  return made(
    'div',
    { class: 'subject' },
    made('p', {}, made('strong', {}, tag), ' ', made('span', { class: 'score' }, percent(score))),
    ...(above.length > 0
      ? [made('ol', { 'aria-label': 'Groups it is in' }, ...above.map(({ name }) => made('li', {}, name)))]
      : []),
  );
}
