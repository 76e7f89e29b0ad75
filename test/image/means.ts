/** A picture reduced by whole pixels, to compare with decoders that reduce while they decode. */
import { expect } from 'vitest';
import type { Pixels } from '../../src/image/pixels.ts';
import type { Size } from '../pictures/scenes.ts';

/** A colour and its alpha, each 0–255, not rounded. */
export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

/**
 * @param seen the colour of each pixel.
 * @returns on white, means of squares of `by` pixels, RGB row by row, not rounded.
 */
export function means({ width, height }: Size, by: number, seen: (x: number, y: number) => Rgba): number[] {
  const small = { width: Math.ceil(width / by), height: Math.ceil(height / by) };
  return Array.from({ length: small.width * small.height }, (_, i) => {
    const [left, top] = [(i % small.width) * by, Math.floor(i / small.width) * by];
    const square: Rgba[] = [];
    for (let y = top; y < Math.min(top + by, height); y++) {
      for (let x = left; x < Math.min(left + by, width); x++) square.push(seen(x, y));
    }
    const onWhite = (channel: 0 | 1 | 2) =>
      square.reduce((sum, pixel) => sum + 255 + ((pixel[channel] - 255) * pixel[3]) / 255, 0) / square.length;
    return [onWhite(0), onWhite(1), onWhite(2)];
  }).flat();
}

/** @param tolerance per byte; 0.5 allows for rounding. */
export function expectMeans(
  pixels: Pixels | undefined,
  size: Size,
  by: number,
  seen: (x: number, y: number) => Rgba,
  tolerance = 0.501,
): void {
  const wanted = means(size, by, seen);
  expect(pixels).toMatchObject({
    width: Math.ceil(size.width / by),
    height: Math.ceil(size.height / by),
    extent: { width: size.width / by, height: size.height / by },
    layout: { bytesPerPixel: 3, grey: false },
  });
  const misses = wanted.map((value, i) => Math.abs(value - (pixels?.data[i] ?? Number.NaN)));
  expect(pixels?.data.length).toBe(wanted.length);
  expect(misses.reduce((most, miss) => Math.max(most, miss), 0)).toBeLessThanOrEqual(tolerance);
}
