/**
 * A feature vector as 1024 bits, for a first comparison: a bit is set if its number is among the vector's own 256
 * largest.
 *
 * Compared with a bit for numbers above the mean of a set of photos, this needs no table and finds more. The best 128
 * hold 99.0 % of the ten nearest of 940 pictures of three kinds: `npm run eval -- copies FOLDER --originals` prints it.
 */
import { DIMENSIONS } from './vectors.ts';

export const BITS_BYTES = DIMENSIONS / 8;

/** A quarter: fewer or more find less. */
const SET_BITS = 256;

/** Number of values of a stored number, and the index of zero among them. */
const VALUES = 256;
const ZERO = 128;

/**
 * @param vector as `storedVector` returns it, so that the bits are the same whenever they are computed.
 * @param into destination, 128 bytes.
 * @returns the bit of number i is bit i % 8 of byte i / 8, counted from the least significant.
 */
export function bitsOf(vector: Int8Array, into: Uint8Array = new Uint8Array(BITS_BYTES)): Uint8Array {
  const counts = new Uint16Array(VALUES);
  // Indexed loops: with `entries()` this takes four times as long, and a search may do it a thousand times.
  for (let i = 0; i < DIMENSIONS; i++) {
    const rank = (vector[i] as number) + ZERO;
    counts[rank] = (counts[rank] as number) + 1;
  }
  let above = 0;
  let least = VALUES - 1;
  while (least > 0 && above + (counts[least] as number) < SET_BITS) above += counts[least--] as number;
  /** Of several numbers equal to the limit, the first ones count. */
  let ties = SET_BITS - above;
  for (let byte = 0; byte < BITS_BYTES; byte++) {
    let bits = 0;
    for (let bit = 0; bit < 8; bit++) {
      const rank = (vector[8 * byte + bit] as number) + ZERO;
      if (rank > least || (rank === least && ties-- > 0)) bits |= 1 << bit;
    }
    into[byte] = bits;
  }
  return into;
}

/** Bits of many consecutive stored vectors. */
export function allBitsOf(vectors: Int8Array): Uint8Array {
  const count = vectors.length / DIMENSIONS;
  const bits = new Uint8Array(count * BITS_BYTES);
  for (let i = 0; i < count; i++) {
    bitsOf(
      vectors.subarray(i * DIMENSIONS, (i + 1) * DIMENSIONS),
      bits.subarray(i * BITS_BYTES, (i + 1) * BITS_BYTES),
    );
  }
  return bits;
}
