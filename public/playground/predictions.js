/** An answer on a card: bars with scores, and facts about the picture. */
import { made } from './element.js';
import { percent, size } from './quantities.js';
import { TOP_K } from './service.js';

/** @typedef {import('../../client/answers.ts').Classification} Classification */
/** @typedef {import('../../client/answers.ts').ImageFacts} ImageFacts */

/** Below this, the first class is wrong more often than right. */
const GUESS = 0.3;

/** @param {Classification} answer */
export function bars({ predictions }) {
  const list = made('ol', { class: 'predictions' });
  for (const { label, score, names } of predictions) {
    const filled = made('span', {});
    // The page's policy allows styles that are set by script.
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

/** As high as the bars that will replace it, so that nothing below moves. */
export function placeholder() {
  const rows = Array.from({ length: TOP_K }, () =>
    made('li', {}, made('span', { class: 'label' }, '\u00a0'), made('span', { class: 'track' })),
  );
  return made('ol', { class: 'predictions placeholder', 'aria-hidden': 'true' }, ...rows);
}

/**
 * @typedef {object} Trip
 * @property {number} ms round trip
 * @property {boolean} cached whether the service had seen the picture before
 * @property {number} [bytes] of the file
 * @property {{ bytes: number, width: number, height: number }} [sent] where that is smaller than the file; the sides
 * are the original's
 */

/**
 * @param {ImageFacts} image
 * @param {Trip} trip
 */
export function facts(
  { format, width, height, orientation, animated, preview },
  { ms, cached, bytes, sent },
) {
  return [
    sent ? 'Photo' : format.toUpperCase(),
    sent ? `${sent.width} × ${sent.height}` : `${width} × ${height}`,
    ...(bytes === undefined ? [] : [size(bytes)]),
    ...(sent ? [`sent as ${width} × ${height}, ${size(sent.bytes)}`] : []),
    ...(orientation === 1 ? [] : ['turned upright']),
    ...(animated ? ['first frame of an animation'] : []),
    ...(preview ? ['its embedded preview was classified'] : []),
    `${Math.round(ms)} ms round trip${cached ? ', cached' : ''}`,
  ].join(' · ');
}
