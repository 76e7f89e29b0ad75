/** The button on a card that shows where in the picture the network sees the class. */
import { announce } from './announce.js';
import { button, made } from './element.js';
import { GRID, occlusion } from './occlusion.js';
import { Refusal } from './service.js';

/** @typedef {import('../../client/answers.ts').Prediction} Prediction */

/** If the score falls by less, 0–1, no part of the picture is said to matter. */
const LEAST = 0.02;

/** From cold to hot: red, green, blue and opacity, 0–255. */
const COLOURS = [
  [10, 14, 36, 205],
  [84, 20, 104, 190],
  [205, 52, 70, 165],
  [255, 150, 32, 150],
  [255, 240, 120, 150],
];

/**
 * @param {object} of
 * @param {string} of.name the picture's
 * @param {Prediction} of.best what it was taken for
 * @param {import('./preview.js').Preview} of.preview
 * @param {number} of.most pictures that a request may have
 * @param {(pictures: Blob[]) => Promise<number[]>} of.scores of that class, 0–1
 * @param {(error: Refusal) => void} of.refused
 */
export function heatButton({ name, best, preview, most, scores, refused }) {
  const note = made('p', { class: 'small heat-note' });
  /** @type {HTMLElement | undefined} */
  let map;
  let busy = false;
  const toggle = button('Heat map', pressed, {
    class: 'slim',
    'aria-pressed': 'false',
    'aria-label': `Heat map: ${name}`,
  });

  async function pressed() {
    if (busy) return;
    if (map) return show(map.hidden === true);
    const drawing = preview.drawing();
    if (!drawing) {
      note.textContent = 'There is none of a picture that the browser cannot show.';
      return;
    }
    busy = true;
    note.textContent = 'Covering parts of the picture…';
    try {
      const { base, falls } = await occlusion(drawing.image, drawing.width, drawing.height, most, scores);
      const highest = Math.max(...falls);
      const text = said(best.label, base, falls, highest);
      map = drawn(falls, highest);
      preview.overlay(map);
      note.textContent = text;
      show(true);
      announce(`${name}: ${text}`);
    } catch (error) {
      note.textContent = '';
      if (!(error instanceof Refusal)) throw error;
      note.textContent = `${error.title}. ${error.message}`;
      refused(error);
    } finally {
      busy = false;
    }
  }

  /** @param {boolean} shown */
  function show(shown) {
    if (map) map.hidden = !shown;
    note.hidden = !shown;
    preview.element.classList.toggle('heated', shown);
    toggle.setAttribute('aria-pressed', String(shown));
  }

  return [toggle, note];
}

/**
 * @param {string} label
 * @param {number} base
 * @param {Float32Array} falls
 * @param {number} highest
 */
function said(label, base, falls, highest) {
  if (highest < LEAST) return `Covering any one part changes the score of “${label}” little.`;
  const at = falls.indexOf(highest);
  const points = (/** @type {number} */ score) => Math.round(100 * score);
  return `Bright parts matter most. With the ${region(at)} covered, “${label}” falls from ${points(base)} % to ${points(base - highest)} %.`;
}

/** @param {number} place */
function region(place) {
  const third = (/** @type {number} */ at) => Math.min(2, Math.floor((3 * at) / GRID));
  const [row, column] = [third(Math.floor(place / GRID)), third(place % GRID)];
  if (row === 1 && column === 1) return 'middle';
  const vertical = ['top', '', 'bottom'][row] ?? '';
  const horizontal = ['left', '', 'right'][column] ?? '';
  return `${vertical} ${horizontal}`.trim();
}

/**
 * @param {Float32Array} falls
 * @param {number} highest
 */
function drawn(falls, highest) {
  const canvas = made('canvas', {
    class: 'heat',
    width: String(GRID),
    height: String(GRID),
    'aria-hidden': 'true',
  });
  const pixels = new ImageData(GRID, GRID);
  for (const [place, fall] of falls.entries())
    pixels.data.set(colour(highest < LEAST ? 0 : Math.max(0, fall) / highest), 4 * place);
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  return canvas;
}

/** @param {number} heat 0–1 */
function colour(heat) {
  const at = heat * (COLOURS.length - 1);
  const from = COLOURS[Math.floor(at)] ?? [];
  const to = COLOURS[Math.ceil(at)] ?? [];
  return from.map((value, channel) => value + ((to[channel] ?? 0) - value) * (at % 1));
}
