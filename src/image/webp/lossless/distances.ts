/** Distances and lengths of backward references (RFC 9649 §5.2.2). */
import { type BitReader, readBits } from './bits.ts';

/** The nearest pixels, by their code minus one: how many columns to the left, and how many rows up. */
// biome-ignore format: a table of pairs
const NEAR = Int8Array.of(
  0, 1, 1, 0, 1, 1, -1, 1, 0, 2, 2, 0, 1, 2, -1, 2, 2, 1, -2, 1, 2, 2, -2, 2,
  0, 3, 3, 0, 1, 3, -1, 3, 3, 1, -3, 1, 2, 3, -2, 3, 3, 2, -3, 2, 0, 4, 4, 0,
  1, 4, -1, 4, 4, 1, -4, 1, 3, 3, -3, 3, 2, 4, -2, 4, 4, 2, -4, 2, 0, 5, 3, 4,
  -3, 4, 4, 3, -4, 3, 5, 0, 1, 5, -1, 5, 5, 1, -5, 1, 2, 5, -2, 5, 5, 2, -5, 2,
  4, 4, -4, 4, 3, 5, -3, 5, 5, 3, -5, 3, 0, 6, 6, 0, 1, 6, -1, 6, 6, 1, -6, 1,
  2, 6, -2, 6, 6, 2, -6, 2, 4, 5, -4, 5, 5, 4, -5, 4, 3, 6, -3, 6, 6, 3, -6, 3,
  0, 7, 7, 0, 1, 7, -1, 7, 5, 5, -5, 5, 7, 1, -7, 1, 4, 6, -4, 6, 6, 4, -6, 4,
  2, 7, -2, 7, 7, 2, -7, 2, 3, 7, -3, 7, 7, 3, -7, 3, 5, 6, -5, 6, 6, 5, -6, 5,
  8, 0, 4, 7, -4, 7, 7, 4, -7, 4, 8, 1, 8, 2, 6, 6, -6, 6, 8, 3, 5, 7, -5, 7,
  7, 5, -7, 5, 8, 4, 6, 7, -6, 7, 7, 6, -7, 6, 8, 5, 7, 7, -7, 7, 8, 6, 8, 7,
);
const NEAR_CODES = NEAR.length / 2;

/**
 * A length, or the code of a distance.
 *
 * @param prefix 0–39.
 * @returns 1 to 2²⁰.
 */
export function readPrefixed(bits: BitReader, prefix: number): number {
  if (prefix < 4) return prefix + 1;
  const extraBits = (prefix - 2) >> 1;
  return ((2 + (prefix & 1)) << extraBits) + readBits(bits, extraBits) + 1;
}

/** In pixels, row by row: 1 or more. */
export function distanceOf(code: number, width: number): number {
  if (code > NEAR_CODES) return code - NEAR_CODES;
  // Within bounds: codes start at 1.
  return Math.max(1, (NEAR[2 * code - 2] as number) + (NEAR[2 * code - 1] as number) * width);
}
