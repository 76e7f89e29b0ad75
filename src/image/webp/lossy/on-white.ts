/** Blends lines of luma and chroma with white where they are transparent. */
import type { AlphaRows } from '../alpha.ts';
import type { Plane } from './band.ts';
import type { Lines } from './vp8.ts';

/** White in BT.601; colours are linear in luma and chroma, so these can be blended instead. */
const WHITE_LUMA = 235;
const NEUTRAL = 128;
const OPAQUE = 255;

/**
 * @returns a function that changes lines in place, in order; false if alpha is broken or ends.
 */
export function onWhite(alpha: AlphaRows, width: number): (lines: Lines) => boolean {
  const chromaWidth = Math.ceil(width / 2);
  /** Mean over the four pixels, or fewer at an edge, that share a sample of chroma. */
  const sums = new Uint16Array(chromaWidth);
  return ({ band: { luma, blue, red }, count, luma: lumaAt, chroma: chromaAt }) => {
    for (let i = 0; i < count; i++) {
      const row = alpha.next();
      if (row === undefined) return false;
      mix(luma, lumaAt + i * luma.stride, row, OPAQUE, WHITE_LUMA);
      const isFirstOfTwo = i % 2 === 0;
      if (isFirstOfTwo) sums.fill(0);
      // Within bounds: a row is as wide as the picture.
      for (let x = 0; x < width; x++) sums[x >> 1] = (sums[x >> 1] as number) + (row[x] as number);
      if (width % 2 === 1)
        sums[chromaWidth - 1] = (sums[chromaWidth - 1] as number) + (row[width - 1] as number);
      if (isFirstOfTwo && i < count - 1) continue;
      const start = (i >> 1) * blue.stride + chromaAt;
      const most = (isFirstOfTwo ? 2 : 4) * OPAQUE;
      mix(blue, start, sums, most, NEUTRAL);
      mix(red, start, sums, most, NEUTRAL);
    }
    return true;
  };
}

function mix(
  { samples }: Plane,
  start: number,
  covers: Uint8Array | Uint16Array,
  most: number,
  ground: number,
): void {
  for (let x = 0; x < covers.length; x++) {
    const cover = covers[x] as number;
    if (cover !== most)
      samples[start + x] = ground + (((samples[start + x] as number) - ground) * cover) / most;
  }
}
