/** The row of sample pictures, all drawn by this project. */
import { button, found, made } from './element.js';
import { fromFile } from './picture.js';

/** What they show, the file, and what is special about it. */
const SAMPLES = /** @type {const} */ ([
  ['balloon', 'balloon.webp'],
  ['golf ball', 'golf-ball.webp'],
  ['lemon', 'lemon.webp'],
  ['teapot', 'teapot.webp'],
  ['candle', 'candle.webp'],
  ['wall clock', 'wall-clock.webp'],
  ['digital clock', 'digital-clock.webp'],
  ['spider web', 'spider-web.webp'],
  // Shows the other one's picture, because most browsers cannot show it.
  ['digital clock', 'digital-clock.heic', 'HEIC'],
]);

/**
 * @param {(pictures: import('./picture.js').Picture[]) => void} take
 * @param {(text: string) => void} refuse
 */
export function showSamples(take, refuse) {
  for (const [what, name, format] of SAMPLES) {
    const shown = `/playground/samples/${name.replace('.heic', '.webp')}`;
    const sample = button(
      '',
      () =>
        load(name).then(
          (file) => take([fromFile(file)]),
          () => refuse('The sample was not reached. Check the connection, then try again.'),
        ),
      {
        'aria-label': format ? `Sample: ${what}, as ${format}` : `Sample: ${what}`,
      },
    );
    sample.append(made('img', { src: shown, alt: '', width: '80', height: '60' }));
    if (format) sample.append(made('span', { class: 'tag' }, format));
    found('samples', HTMLElement).append(made('li', {}, sample));
  }
}

/** @param {string} name */
async function load(name) {
  const response = await fetch(`/playground/samples/${name}`);
  if (!response.ok) throw new Error(`status ${response.status}`);
  return new File([await response.blob()], name);
}
