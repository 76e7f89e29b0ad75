/** Pictures reduced by a decoder give the same input as the full one, wherever their last pixel ends. */
import { describe, expect, it } from 'vitest';
import type { Size } from '../../src/image/header.ts';
import type { Pixels } from '../../src/image/pixels.ts';
import { toInput } from '../../src/image/resample/resample.ts';

const GREY = { bytesPerPixel: 1, grey: true };
/** In [−1, 1], half a level of 255 is 0.004: both are rounded to bytes. */
const ROUNDING = 0.008;

/** Waves so long that no filter changes them, so that only the position of the picture matters. */
function waves({ width, height }: Size): Uint8Array {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data[y * width + x] = Math.round(128 + 60 * Math.sin(x / 40) + 60 * Math.cos(y / 50));
    }
  }
  return data;
}

/** Means of squares; at the right and bottom edges, of the pixels that exist. Decoders differ in `round`. */
function shrunk(data: Uint8Array, size: Size, by: number, round: (side: number) => number): Pixels {
  const [width, height] = [round(size.width / by), round(size.height / by)];
  const small = new Uint8Array(width * height);
  for (let at = 0; at < small.length; at++) {
    const [left, top] = [(at % width) * by, Math.floor(at / width) * by];
    let [sum, count] = [0, 0];
    for (let y = top; y < Math.min(top + by, size.height); y++) {
      for (let x = left; x < Math.min(left + by, size.width); x++, count++)
        sum += data[y * size.width + x] ?? 0;
    }
    small[at] = Math.round(sum / count);
  }
  return { data: small, width, height, layout: GREY };
}

function largestDifference(one: Float32Array, other: Float32Array): number {
  return one.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (other[i] ?? Number.NaN))), 0);
}

describe('a picture that was made smaller', () => {
  it.each([
    [2, Math.ceil],
    [4, Math.ceil],
    [8, Math.ceil],
    [8, Math.floor],
  ])('by %i is where the whole one is', (by, round) => {
    const size = { width: 2553, height: 2057 };
    const data = waves(size);
    const whole = toInput({ data, ...size, layout: GREY }, 1);
    const small = shrunk(data, size, by, round);
    const extent = { width: size.width / by, height: size.height / by };
    expect(largestDifference(toInput({ ...small, extent }, 1), whole)).toBeLessThan(ROUNDING);
    // Without it, the picture is up to one of its own pixels too long or too short.
    if (by === 8) expect(largestDifference(toInput(small, 1), whole)).toBeGreaterThan(2 * ROUNDING);
  });
});
