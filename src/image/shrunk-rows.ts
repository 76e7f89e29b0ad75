/** Reduces decoded rows to a smaller picture on white: each pixel is the mean of a square. */
import type { Size } from './header.ts';
import type { PixelLayout, Pixels } from './pixels.ts';
import { type Shrink, shrunkSize } from './shrink.ts';

const RGB: PixelLayout = { bytesPerPixel: 3, grey: false };
const OPAQUE = 255;
const WHITE = 255;

export interface ShrunkRows {
  /**
   * Adds a row, or every `step`th pixel of it from `from` on.
   *
   * @param argb one pixel each, alpha in the highest byte, straight. Only the picture's width is read.
   * @param y from the top, 0 to the height minus one; each pixel is given once.
   */
  take(argb: Uint32Array, y: number, from?: number, step?: number): void;
  /** The picture as it is now, white where no pixel was given. It stays valid; nothing may be added after the call. */
  finish(): Pixels;
}

/** The order of rows, which determines what must be kept until their squares are complete. */
export type RowOrder =
  /** Rows of the same output row come consecutively, from the top or from the bottom. */
  | 'by-row'
  /** In any order, or in parts. */
  | 'scattered';

/** Bytes of memory: the pixels, and their sums, of one row or of all. */
export function shrunkRowsBytes(size: Size, by: Shrink, order: RowOrder): number {
  const { width, height } = shrunkSize(size, by);
  const sums = by === 1 ? 0 : width * (order === 'scattered' ? height : 1);
  return width * height * RGB.bytesPerPixel + sums * RGB.bytesPerPixel * Int32Array.BYTES_PER_ELEMENT;
}

/**
 * @param by factor of reduction, across and down. Squares at the edges may have fewer pixels.
 * @param isOpaque whether alpha is ignored, so that it need not be set.
 */
export function createShrunkRows(size: Size, by: Shrink, order: RowOrder, isOpaque: boolean): ShrunkRows {
  const small = shrunkSize(size, by);
  // Rounds, and clamps to 0…255.
  const data = new Uint8ClampedArray(small.width * small.height * RGB.bytesPerPixel).fill(WHITE);
  const pixels: Pixels = {
    // The same bytes; storing in this view does not clamp.
    data: new Uint8Array(data.buffer),
    ...small,
    extent: { width: size.width / by, height: size.height / by },
    layout: RGB,
  };
  const leastAlpha = isOpaque ? OPAQUE : 0;
  if (by === 1) {
    return {
      take: (argb, y, from = 0, step = 1) =>
        store(data, argb, y * size.width, from, step, size.width, leastAlpha),
      finish: () => pixels,
    };
  }

  const stride = small.width * RGB.bytesPerPixel;
  const shift = Math.log2(by);
  const bands = order === 'scattered' ? small.height : 1;
  /** The distance of each colour from white, times its alpha: up to 64 × 255². So missing pixels are white. */
  const sums = new Int32Array(stride * bands);
  /** The output row that the sums belong to, if there is only one row of them. */
  let current = -1;

  function finishBand(band: number, from: number): void {
    const rows = Math.min(by, size.height - band * by);
    const last = stride - RGB.bytesPerPixel;
    const each = 1 / (OPAQUE * rows * by);
    const atEdge = 1 / (OPAQUE * rows * (size.width - (small.width - 1) * by));
    const to = band * stride;
    // Within bounds: both have this many in a row.
    for (let i = 0; i < last; i++) data[to + i] = WHITE - (sums[from + i] as number) * each;
    for (let i = last; i < stride; i++) data[to + i] = WHITE - (sums[from + i] as number) * atEdge;
  }

  return {
    take(argb, y, from = 0, step = 1) {
      const band = y >> shift;
      if (bands === 1 && band !== current) {
        if (current >= 0) finishBand(current, 0);
        sums.fill(0);
        current = band;
      }
      const start = bands === 1 ? 0 : band * stride;
      if (step === 1 && from === 0) addRow(sums, start, argb, size.width, by, leastAlpha);
      else addPixels(sums, start, argb, from, step, size.width, shift, leastAlpha);
    },
    finish() {
      if (bands > 1) for (let band = 0; band < bands; band++) finishBand(band, band * stride);
      else if (current >= 0) finishBand(current, 0);
      return pixels;
    },
  };
}

/** Without reduction, and so without sums. */
function store(
  data: Uint8ClampedArray,
  argb: Uint32Array,
  start: number,
  from: number,
  step: number,
  width: number,
  leastAlpha: number,
): void {
  let to = (start + from) * RGB.bytesPerPixel;
  for (let x = from, i = 0; x < width; x += step, i++, to += step * RGB.bytesPerPixel) {
    // Within bounds, as below: a row has as many pixels as requested.
    const pixel = argb[i] as number;
    const alpha = (pixel >>> 24) | leastAlpha;
    if (alpha === OPAQUE) {
      data[to] = (pixel >>> 16) & 0xff;
      data[to + 1] = (pixel >>> 8) & 0xff;
      data[to + 2] = pixel & 0xff;
    } else {
      const share = alpha / OPAQUE;
      data[to] = WHITE - (WHITE - ((pixel >>> 16) & 0xff)) * share;
      data[to + 1] = WHITE - (WHITE - ((pixel >>> 8) & 0xff)) * share;
      data[to + 2] = WHITE - (WHITE - (pixel & 0xff)) * share;
    }
  }
}

/** A whole row: each sum is accumulated locally and stored once. */
function addRow(
  sums: Int32Array,
  start: number,
  argb: Uint32Array,
  width: number,
  by: number,
  leastAlpha: number,
): void {
  let to = start;
  for (let x = 0; x < width; to += RGB.bytesPerPixel) {
    let red = 0;
    let green = 0;
    let blue = 0;
    for (const end = Math.min(x + by, width); x < end; x++) {
      // The complement of each colour: its distance from white.
      const pixel = ~(argb[x] as number);
      const alpha = (OPAQUE - (pixel >>> 24)) | leastAlpha;
      red += ((pixel >>> 16) & 0xff) * alpha;
      green += ((pixel >>> 8) & 0xff) * alpha;
      blue += (pixel & 0xff) * alpha;
    }
    sums[to] = (sums[to] as number) + red;
    sums[to + 1] = (sums[to + 1] as number) + green;
    sums[to + 2] = (sums[to + 2] as number) + blue;
  }
}

function addPixels(
  sums: Int32Array,
  start: number,
  argb: Uint32Array,
  from: number,
  step: number,
  width: number,
  shift: number,
  leastAlpha: number,
): void {
  for (let x = from, i = 0; x < width; x += step, i++) {
    const pixel = ~(argb[i] as number);
    const alpha = (OPAQUE - (pixel >>> 24)) | leastAlpha;
    const to = start + (x >> shift) * RGB.bytesPerPixel;
    sums[to] = (sums[to] as number) + ((pixel >>> 16) & 0xff) * alpha;
    sums[to + 1] = (sums[to + 1] as number) + ((pixel >>> 8) & 0xff) * alpha;
    sums[to + 2] = (sums[to + 2] as number) + (pixel & 0xff) * alpha;
  }
}
