/** How often the classes are right, and the misclassified pictures. */
import { button, found, made } from '../element.js';
import { tilePicture } from '../tile.js';

/** @typedef {import('./by-service.js').Report} Report */

const section = found('quality', HTMLElement);
const place = found('quality-report', HTMLElement);

/** From this many pictures of every class on, accuracy is shown, as in the service. */
const LEAST = 5;

/** Misclassified pictures that are shown at first. */
const MOST_AT_ONCE = 8;

/**
 * @param {Report} report
 * @param {object} on
 * @param {(id: string) => { name: string, thumbnail?: string } | undefined} on.picture
 * @param {(id: string, label: string) => void} on.moved
 * @param {(id: string) => void} on.removed
 */
export function showQuality({ labels, accuracy, confused }, on) {
  section.hidden = labels.length < 2;
  if (section.hidden) return;
  const wrong = confused.flatMap(({ label, taken_for: other, ids = [] }) =>
    ids.map((id) => wrongOne(id, label, other, on)),
  );
  const rest = wrong.slice(MOST_AT_ONCE);
  place.replaceChildren(
    accuracy
      ? made(
          'p',
          {},
          made('strong', {}, `${Math.round(accuracy.value * accuracy.examples)} of ${accuracy.examples}`),
          ' pictures are named rightly when each is left out and asked about.',
          ...(wrong.length > 0 ? [' These are not:'] : []),
        )
      : made('p', { class: 'small' }, `It is shown from ${LEAST} pictures of every class on.`),
    ...(wrong.length > 0 ? [wrongOnes(wrong.slice(0, MOST_AT_ONCE))] : []),
    ...(rest.length > 0
      ? [made('details', {}, made('summary', {}, `${rest.length} more`), wrongOnes(rest))]
      : []),
  );
}

/** @param {HTMLElement[]} pictures */
function wrongOnes(pictures) {
  return made(
    'ul',
    { class: 'wrong-ones', 'aria-label': 'Pictures that are taken for another class' },
    ...pictures,
  );
}

/** If there is nothing to report. */
export function hideQuality() {
  section.hidden = true;
}

/**
 * @param {string} id
 * @param {string} label
 * @param {string} other
 * @param {Parameters<typeof showQuality>[1]} on
 */
function wrongOne(id, label, other, on) {
  const picture = on.picture(id);
  const name = picture?.name ?? `picture ${id.slice(0, 8)}`;
  return made(
    'li',
    {},
    made(
      'div',
      { class: 'tile' },
      tilePicture(name, picture?.thumbnail),
      button('×', () => on.removed(id), {
        class: 'remove',
        'aria-label': `Remove ${name} from ${label}`,
      }),
    ),
    made('p', { class: 'small' }, `${label}, taken for ${other}`),
    button(`It is ${other}`, () => on.moved(id, other), {
      class: 'slim',
      'aria-label': `It is ${other}: ${name}`,
    }),
  );
}
