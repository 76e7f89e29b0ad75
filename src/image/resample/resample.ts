/**
 * Converts a decoded picture to the network's input.
 *
 * The preprocessing equals that of the accuracy in the model card: the short side is resized to 256 with an antialiased
 * triangle filter, the central 224×224 is cropped, and RGB is scaled from 0…255 to [−1, 1]. Only the source pixels
 * under the crop are read; nothing of the size of the picture is allocated.
 *
 * `as number` on a typed-array read means that the index is within bounds by construction, where the compiler sees
 * `number | undefined` and a check in the innermost loop would cost time.
 */
import type { Orientation, Size } from '../header.ts';
import { axesOf, turnUpright } from '../orientation.ts';
import type { Picture, Pixels } from '../pixels.ts';
import { rowFilter } from './resample-kernel.ts';
import { INPUT_SIDE, resizedSize, type Taps, tapsOf } from './taps.ts';

const PLANE = INPUT_SIDE * INPUT_SIDE;

/** Floats of one input: 3 planes of 224×224. */
export const INPUT_FLOATS = 3 * PLANE;

/**
 * Makes the network's input from a picture.
 *
 * @param picture transparent pixels show white.
 * @param orientation how the pixels are stored. The result is that of the upright picture.
 * @returns NCHW float32 [1, 3, 224, 224] in [−1, 1], upright, as the TF-Slim checkpoint expects; undefined for a
 *   picture that is decoded only now and is broken.
 */
export function toInput(picture: Pixels, orientation: Orientation): Float32Array;
export function toInput(picture: Picture, orientation: Orientation): Float32Array | undefined;
export function toInput(picture: Picture, orientation: Orientation): Float32Array | undefined {
  const { extent, width, height } = wholeOf(picture);
  const resized = resizedSize(extent);
  const { fromRight, fromBottom } = axesOf(orientation);
  const columns = tapsOf(width, extent.width, resized.width, fromRight);
  const rows = tapsOf(height, extent.height, resized.height, fromBottom);
  const input = new Float32Array(INPUT_FLOATS);
  if ('data' in picture) resizePixels(picture, columns, rows, input);
  else if (!picture.resize(columns, rows, input)) return undefined;
  return turnUpright(input, INPUT_SIDE, orientation);
}

/** The picture's size with its canvas, in its pixels: rounded to integers, and exact. */
function wholeOf(picture: Picture): Size & { readonly extent: Size } {
  const { width, height, extent = { width, height } } = picture;
  const { canvas } = 'data' in picture ? picture : {};
  return canvas === undefined
    ? { width, height, extent }
    : { width: Math.ceil(canvas.width), height: Math.ceil(canvas.height), extent: canvas };
}

function resizePixels(pixels: Pixels, columns: Taps, rows: Taps, input: Float32Array): void {
  const filter = rowFilter(pixels, columns);
  for (let o = 0; o < INPUT_SIDE; o++) {
    const start = rows.starts[o] as number;
    const count = rows.counts[o] as number;
    for (let tap = 0; tap < count; tap++) {
      filter.add(start + tap, rows.weights[o * rows.stride + tap] as number);
    }
    for (const [plane, values] of filter.finish().entries()) {
      input.set(values, plane * PLANE + o * INPUT_SIDE);
    }
  }
}
