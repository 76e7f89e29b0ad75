/**
 * From a decoded picture to the network's input in one pass over the pixels.
 *
 * The preprocessing is the one the accuracy in the model card was measured with: the short side is
 * resized to 256 with an antialiased triangle filter, the central 224×224 is cut out, and RGB goes from
 * 0…255 to [−1, 1]. Only the source pixels under the crop are read, each once; nothing of the size of
 * the picture is allocated.
 *
 * `as number` on a typed-array read says that the index is within bounds by construction, where the
 * compiler sees `number | undefined` and a check in the innermost loop would cost time.
 */
import type { Orientation } from './header.ts';
import { axesOf, turnUpright } from './orientation.ts';
import { type Pixels, RGBA } from './pixels.ts';

/** Height and width of the network's input, in pixels. */
export const INPUT_SIDE = 224;

/** Short side after the resize, in pixels: 224 / 0.875, as ImageNet evaluation has it. */
export const RESIZED_SHORT_SIDE = 256;

const PLANE = INPUT_SIDE * INPUT_SIDE;
const ROW = INPUT_SIDE * 3;

/** Float count of one input: 3 planes of 224×224. */
export const INPUT_FLOATS = 3 * PLANE;

/**
 * The triangle filter along one axis, as taps in output order.
 *
 * Output `o` is the sum over `t` in `[0, counts[o])` of source `starts[o] + t` times
 * `weights[o * stride + t]`; the weights of one output sum to 1.
 */
interface Taps {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Float32Array;
  readonly stride: number;
}

/**
 * Taps for the 224 central outputs when `source` pixels, `extent` long together, are resized to `resized`.
 *
 * When an odd number of pixels is cut off, the crop is not quite central: it is half a pixel nearer to the
 * upright picture's start. `reversed` says that the axis is stored from its end, where that is the far side.
 *
 * Pixel centres are at half-integers. When shrinking, the filter is widened by the scale, which is what
 * makes it antialiased; when enlarging it is plain linear interpolation. Taps that fall outside the
 * picture are dropped and the rest renormalised.
 */
function taps(source: number, extent: number, resized: number, reversed: boolean): Taps {
  const scale = extent / resized;
  const radius = Math.max(scale, 1);
  const stride = Math.ceil(2 * radius) + 1;
  const starts = new Int32Array(INPUT_SIDE);
  const counts = new Int32Array(INPUT_SIDE);
  const weights = new Float32Array(INPUT_SIDE * stride);
  const cutOff = (resized - INPUT_SIDE) / 2;
  const cropOffset = reversed ? Math.ceil(cutOff) : Math.floor(cutOff);
  for (let o = 0; o < INPUT_SIDE; o++) {
    const centre = (o + cropOffset + 0.5) * scale;
    const first = Math.max(0, Math.ceil(centre - radius - 0.5));
    const last = Math.min(source - 1, Math.floor(centre + radius - 0.5));
    let sum = 0;
    for (let s = first; s <= last; s++) sum += 1 - Math.abs(s + 0.5 - centre) / radius;
    for (let s = first; s <= last; s++) {
      weights[o * stride + s - first] = (1 - Math.abs(s + 0.5 - centre) / radius) / sum;
    }
    starts[o] = first;
    counts[o] = last - first + 1;
  }
  return { starts, counts, weights, stride };
}

/** Resamples the source pixels of row `y` that the taps name into 224 RGB triples, 0…255, on white. */
function resampleRow(pixels: Pixels, y: number, columns: Taps, row: Float32Array): void {
  const { data, width, layout = RGBA } = pixels;
  const { bytesPerPixel, grey, alpha: alphaAt } = layout;
  const [toGreen, toBlue] = grey ? [0, 0] : [1, 2];
  const { starts, counts, weights, stride } = columns;
  for (let o = 0; o < INPUT_SIDE; o++) {
    let at = (y * width + (starts[o] as number)) * bytesPerPixel;
    let tap = o * stride;
    const end = tap + (counts[o] as number);
    let red = 0;
    let green = 0;
    let blue = 0;
    for (; tap < end; tap++, at += bytesPerPixel) {
      const weight = weights[tap] as number;
      const alpha = alphaAt === undefined ? 255 : (data[at + alphaAt] as number);
      if (alpha === 255) {
        red += weight * (data[at] as number);
        green += weight * (data[at + toGreen] as number);
        blue += weight * (data[at + toBlue] as number);
      } else {
        const cover = (weight * alpha) / 255;
        const white = (weight - cover) * 255;
        red += cover * (data[at] as number) + white;
        green += cover * (data[at + toGreen] as number) + white;
        blue += cover * (data[at + toBlue] as number) + white;
      }
    }
    row[o * 3] = red;
    row[o * 3 + 1] = green;
    row[o * 3 + 2] = blue;
  }
}

/**
 * Turns a picture into the network's input.
 *
 * @param pixels transparent ones show white.
 * @param orientation how the pixels are stored. The result is what the upright picture would give.
 * @returns NCHW float32 [1, 3, 224, 224] in [−1, 1], upright, as the TF-Slim checkpoint expects.
 */
export function toInput(pixels: Pixels, orientation: Orientation): Float32Array {
  const { width, height, extent = pixels } = pixels;
  const enlarge = RESIZED_SHORT_SIDE / Math.min(extent.width, extent.height);
  const resized = (side: number) => Math.max(RESIZED_SHORT_SIDE, Math.round(side * enlarge));
  const { fromRight, fromBottom } = axesOf(orientation);
  const columns = taps(width, extent.width, resized(extent.width), fromRight);
  const rows = taps(height, extent.height, resized(extent.height), fromBottom);
  const input = new Float32Array(INPUT_FLOATS).fill(-1);
  const row = new Float32Array(ROW);
  // Starts and ends both rise with the output row, so the outputs that a source row touches are a window
  // that only moves down.
  let first = 0;
  const lastRow = INPUT_SIDE - 1;
  const end = (rows.starts[lastRow] as number) + (rows.counts[lastRow] as number);
  for (let y = rows.starts[0] as number; y < end; y++) {
    while ((rows.starts[first] as number) + (rows.counts[first] as number) <= y) first++;
    resampleRow(pixels, y, columns, row);
    for (let o = first; o < INPUT_SIDE && (rows.starts[o] as number) <= y; o++) {
      const weight = rows.weights[o * rows.stride + y - (rows.starts[o] as number)] as number;
      addRow(input, o * INPUT_SIDE, row, weight * (2 / 255));
    }
  }
  return turnUpright(input, INPUT_SIDE, orientation);
}

/** Adds `weight` times a row of RGB triples to the three planes of `input`, starting at `at` in each. */
function addRow(input: Float32Array, at: number, row: Float32Array, weight: number): void {
  for (let x = 0, c = 0; x < INPUT_SIDE; x++, c += 3) {
    const red = at + x;
    const green = red + PLANE;
    const blue = green + PLANE;
    input[red] = (input[red] as number) + weight * (row[c] as number);
    input[green] = (input[green] as number) + weight * (row[c + 1] as number);
    input[blue] = (input[blue] as number) + weight * (row[c + 2] as number);
  }
}
