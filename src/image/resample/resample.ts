/**
 * From a decoded picture to the network's input.
 *
 * The preprocessing is the one the accuracy in the model card was measured with: the short side is
 * resized to 256 with an antialiased triangle filter, the central 224×224 is cut out, and RGB goes from
 * 0…255 to [−1, 1]. Only the source pixels under the crop are read; nothing of the size of the picture is
 * allocated.
 *
 * `as number` on a typed-array read says that the index is within bounds by construction, where the
 * compiler sees `number | undefined` and a check in the innermost loop would cost time.
 */
import type { Orientation } from '../header.ts';
import { axesOf, turnUpright } from '../orientation.ts';
import type { Pixels } from '../pixels.ts';
import { rowFilter, type Taps } from './resample-kernel.ts';

/** Height and width of the network's input, in pixels. */
export const INPUT_SIDE = 224;

/** Short side after the resize, in pixels: 224 / 0.875, as ImageNet evaluation has it. */
export const RESIZED_SHORT_SIDE = 256;

const PLANE = INPUT_SIDE * INPUT_SIDE;

/** Float count of one input: 3 planes of 224×224. */
export const INPUT_FLOATS = 3 * PLANE;

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
  const filter = rowFilter(pixels, columns);
  const input = new Float32Array(INPUT_FLOATS);
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
  return turnUpright(input, INPUT_SIDE, orientation);
}
