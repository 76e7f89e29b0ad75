/** The triangle filter of the resize along one axis, and the part of a picture that it reads. */
import type { Size } from '../header.ts';

/** Height and width of the network's input, in pixels. */
export const INPUT_SIDE = 224;

/** Short side after the resize, in pixels: 224 / 0.875, as in ImageNet evaluation. */
export const RESIZED_SHORT_SIDE = 256;

/**
 * The triangle filter along one axis, as taps in output order.
 *
 * Output `o` is the sum over `t` in `[0, counts[o])` of source `starts[o] + t` times `weights[o * stride + t]`; the
 * weights of one output sum to 1, and those after them are 0.
 */
export interface Taps {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Float32Array;
  /** A multiple of 4. */
  readonly stride: number;
}

/** Sides of the picture after the resize. */
export function resizedSize({ width, height }: Size): Size {
  const enlarge = RESIZED_SHORT_SIDE / Math.min(width, height);
  const resized = (side: number) => Math.max(RESIZED_SHORT_SIDE, Math.round(side * enlarge));
  return { width: resized(width), height: resized(height) };
}

/**
 * Taps for the 224 central outputs if `source` pixels, with a total length of `extent`, are resized to `resized`.
 *
 * If an odd number of pixels is cropped, the crop is off centre by half a pixel, towards the upright picture's start.
 * `reversed` says that the axis is stored from its end, where that is the far side.
 *
 * Pixel centres are at half-integers. When shrinking, the filter is widened by the scale, which makes it antialiased;
 * when enlarging, it is plain linear interpolation. Taps outside the picture are dropped and the rest renormalised.
 */
export function tapsOf(source: number, extent: number, resized: number, reversed: boolean): Taps {
  const scale = extent / resized;
  const radius = Math.max(scale, 1);
  const stride = 4 * Math.ceil((Math.ceil(2 * radius) + 1) / 4);
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

export interface Part {
  readonly start: number;
  readonly end: number;
}

/** Where taps begin and end among `source` pixels, with a total length of `extent`, from either end of the axis. */
export function seenPart(source: number, extent: number, resized: number): Part {
  const scale = extent / resized;
  const radius = Math.max(scale, 1);
  const cutOff = (resized - INPUT_SIDE) / 2;
  const first = (Math.floor(cutOff) + 0.5) * scale - radius - 0.5;
  const last = (Math.ceil(cutOff) + INPUT_SIDE - 0.5) * scale + radius - 0.5;
  return { start: Math.max(0, Math.ceil(first)), end: Math.min(source, Math.floor(last) + 1) };
}

/** In a plane with half as many samples, those that these pixels are interpolated from: the nearest and the next. */
export function halvedPart({ start, end }: Part, samples: number): Part {
  return { start: Math.max(0, (start - 1) >> 1), end: Math.min(samples, (end >> 1) + 1) };
}
