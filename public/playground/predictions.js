/** An answer on a card: bars with scores, and what the picture is. */
import { made } from './element.js';
import { percent, size } from './quantities.js';

/** @typedef {import('../../client/answers.ts').Classification} Classification */
/** @typedef {import('../../client/answers.ts').ImageFacts} ImageFacts */

/** Below this the first class is right less often than not. */
const GUESS = 0.3;

/** @param {Classification} answer */
export function bars({ predictions }) {
  const list = made('ol', { class: 'predictions' });
  for (const { label, score, names } of predictions) {
    const filled = made('span', {});
    // A style from a script is what the page's policy allows.
    filled.style.width = `${Math.max(score * 100, 0.4)}%`;
    const others = names.filter((name) => name !== label).join(', ');
    list.append(
      made(
        'li',
        {},
        made('span', { class: 'label', ...(others && { title: others }) }, label),
        made('span', { class: 'score' }, percent(score)),
        made('span', { class: 'track', 'aria-hidden': 'true' }, filled),
      ),
    );
  }
  const unsure = (predictions[0]?.score ?? 0) < GUESS;
  return unsure ? [list, made('p', { class: 'small' }, 'It is guessing: nothing here scores high.')] : [list];
}

/**
 * @param {ImageFacts} image
 * @param {number | undefined} bytes
 */
export function facts({ format, width, height, orientation, animated, preview }, bytes) {
  return [
    format.toUpperCase(),
    `${width} × ${height}`,
    ...(bytes === undefined ? [] : [size(bytes)]),
    ...(orientation === 1 ? [] : ['turned upright']),
    ...(animated ? ['first frame of an animation'] : []),
    ...(preview ? ['its embedded preview was classified'] : []),
  ].join(' · ');
}
