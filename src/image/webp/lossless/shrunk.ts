/** From rows of ARGB to pixels of a smaller picture on white: each is the mean of a square. */
import type { Size } from '../../header.ts';
import type { Pixels } from '../../pixels.ts';
import { type Shrink, shrunkSize } from '../../shrink.ts';

const RGB = { bytesPerPixel: 3, grey: false };
const OPAQUE = 255;

export interface ShrunkArgb {
  take(row: Uint32Array): void;
  /** Whole once all rows were taken. */
  readonly pixels: Pixels;
}

/**
 * @param by how many pixels become one, across and down. Those at the edges may be of fewer.
 * @param isOpaque whatever alpha says: the file's header says that it is of no use.
 */
export function createShrunkArgb({ width, height }: Size, by: Shrink, isOpaque: boolean): ShrunkArgb {
  const size = shrunkSize({ width, height }, by);
  // Rounds, and clamps to 0…255.
  const data = new Uint8ClampedArray(size.width * size.height * RGB.bytesPerPixel);
  /** Each colour times its alpha, and white for what is left of that: up to 64 × 255². */
  const sums = new Int32Array(size.width * RGB.bytesPerPixel);
  let at = 0;
  let y = 0;
  let lines = 0;

  function finish(): void {
    const lastColumns = width % by || by;
    for (let x = 0, i = 0; x < size.width; x++) {
      const weight = 1 / (OPAQUE * lines * (x === size.width - 1 ? lastColumns : by));
      // Within bounds: as many as a row has bytes.
      for (let c = 0; c < 3; c++, i++) data[at++] = (sums[i] as number) * weight;
    }
    sums.fill(0);
    lines = 0;
  }

  return {
    take(row) {
      addRow(sums, row, width, by, isOpaque ? OPAQUE : 0);
      lines += 1;
      y += 1;
      if (lines === by || y === height) finish();
    },
    // The same bytes; only storing in them clamps no more.
    pixels: {
      data: new Uint8Array(data.buffer),
      ...size,
      extent: { width: width / by, height: height / by },
      layout: RGB,
    },
  };
}

/** @param leastAlpha 0, or 255 for opaque pixels. */
function addRow(sums: Int32Array, row: Uint32Array, width: number, by: number, leastAlpha: number): void {
  let to = 0;
  for (let x = 0; x < width; to += RGB.bytesPerPixel) {
    let red = 0;
    let green = 0;
    let blue = 0;
    for (const end = Math.min(x + by, width); x < end; x++) {
      // Within bounds: the row is as wide as the picture.
      const pixel = row[x] as number;
      const alpha = (pixel >>> 24) | leastAlpha;
      const white = (OPAQUE - alpha) * OPAQUE;
      red += ((pixel >>> 16) & 0xff) * alpha + white;
      green += ((pixel >>> 8) & 0xff) * alpha + white;
      blue += (pixel & 0xff) * alpha + white;
    }
    sums[to] = (sums[to] as number) + red;
    sums[to + 1] = (sums[to + 1] as number) + green;
    sums[to + 2] = (sums[to + 2] as number) + blue;
  }
}
