/**
 * Finds where in a picture the network sees the class: parts are covered in turn, and the more the score falls, the
 * more depends on that part.
 *
 * @see {@link https://arxiv.org/abs/1311.2901} Zeiler and Fergus, section 4.2
 */
import { SHARE } from './crop.js';

/** Rows and columns of the map. */
export const GRID = 7;

/** Side of the square that is sent: the service keeps a short side of 256 unchanged. */
const SIDE = 256;

/** Size of the cover, relative to the distance between two positions. */
const COVER = 2;

/** Pictures in a request: half of the map and the uncovered square. */
const AT_ONCE = Math.ceil((GRID * GRID + 1) / 2);

/**
 * @param {CanvasImageSource} image upright
 * @param {number} width its width
 * @param {number} height its height
 * @param {number} most pictures that a request may have
 * @param {(pictures: Blob[]) => Promise<number[]>} scores of the class in question, 0–1
 * @returns {Promise<{ base: number, falls: Float32Array }>} the score of the unchanged picture, and by how much
 * it falls where the picture is covered, row by row
 */
export async function occlusion(image, width, height, most, scores) {
  const pictures = await covered(image, width, height);
  const size = Math.max(1, Math.min(AT_ONCE, most));
  const parts = Array.from({ length: Math.ceil(pictures.length / size) }, (_, i) =>
    scores(pictures.slice(i * size, (i + 1) * size)),
  );
  const [base = 0, ...rest] = (await Promise.all(parts)).flat();
  return { base, falls: Float32Array.from(rest, (score) => base - score) };
}

/**
 * @param {CanvasImageSource} image
 * @param {number} width
 * @param {number} height
 * @returns {Promise<Blob[]>} the unchanged square, then one for each place
 */
async function covered(image, width, height) {
  const canvas = document.createElement('canvas');
  canvas.width = SIDE;
  canvas.height = SIDE;
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  if (!context) throw new Error('the browser has no canvas');
  const short = Math.min(width, height);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, SIDE, SIDE);
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, (width - short) / 2, (height - short) / 2, short, short, 0, 0, SIDE, SIDE);
  const bare = context.getImageData(0, 0, SIDE, SIDE);
  const cover = mean(bare.data);
  const blobs = [await jpeg(canvas)];
  const step = (SHARE * SIDE) / GRID;
  const edge = (SIDE * (1 - SHARE)) / 2;
  for (let place = 0; place < GRID * GRID; place++) {
    const [row, column] = [Math.floor(place / GRID), place % GRID];
    context.putImageData(bare, 0, 0);
    context.fillStyle = cover;
    const [x, y] = [column, row].map((at) => edge + step * (at + 0.5 - COVER / 2));
    context.fillRect(x ?? 0, y ?? 0, COVER * step, COVER * step);
    blobs.push(await jpeg(canvas));
  }
  return blobs;
}

/**
 * The mean colour hides the most and adds the least.
 *
 * @param {Uint8ClampedArray} data RGBA
 */
function mean(data) {
  const sums = [0, 0, 0];
  for (let at = 0; at < data.length; at += 4)
    for (const channel of [0, 1, 2]) sums[channel] = (sums[channel] ?? 0) + (data[at + channel] ?? 0);
  return `rgb(${sums.map((sum) => Math.round((4 * sum) / data.length)).join(' ')})`;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {Promise<Blob>}
 */
function jpeg(canvas) {
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no JPEG'))), 'image/jpeg', 0.92),
  );
}
