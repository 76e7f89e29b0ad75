/**
 * Whether one picture is a copy of another: the same photo, edited.
 *
 * The embedding and the perceptual hash of `src/image/fingerprint.ts` fail at different edits. A picture that was
 * cropped, rotated or framed has another hash and nearly the same embedding; one that was blurred, made grey or written
 * on has another embedding and nearly the same hash. So both are added up. `npm run eval -- copies` measures it on ten
 * kinds of edit, and prints how often similar pictures that are not copies are taken for copies.
 */

/** Weight of equal hashes, where equal embeddings count 1: with it, every edited photo of 300 is nearest to its own. */
const HASH_WEIGHT = 0.8;

/** Expected differing bits, of 64, between two unrelated pictures. */
const BITS_BY_CHANCE = 32;

/** Odd frequencies along the row, in each byte: a mirror inverts their signs. */
const MIRRORED = 0xaa;

/** Sum from which a picture is a copy. No two of 300 different photos reach it, and 98.8 % of 3,000 edited ones do. */
const COPY_SCORE = 0.95;

/** Similarity required without a hash, for an embedding without a picture: half of the copies reach it. */
const COPY_SIMILARITY = 0.9;

/**
 * Of the 1024 bits of `bits.ts`, the most in which an item may differ from another and still be compared as its copy.
 * Of the recognised copies 99.9 % differ in no more, and of the pairs of different photos two in a thousand.
 */
export const NEAR_BITS = 288;

/**
 * @param similarity cosine of the embeddings: −1 to 1.
 * @param one perceptual hash, 8 bytes; undefined if unknown.
 */
export function isCopy(similarity: number, one?: Uint8Array, other?: Uint8Array): boolean {
  if (one === undefined || other === undefined) return similarity >= COPY_SIMILARITY;
  return copyScore(similarity, one, other) >= COPY_SCORE;
}

/** How similar to a copy: from about 0 for two different pictures to 1.8 for identical ones. */
export function copyScore(similarity: number, one: Uint8Array, other: Uint8Array): number {
  return similarity + HASH_WEIGHT * (1 - differingBits(one, other) / BITS_BY_CHANCE);
}

/** Between the pictures, or between one and the mirrored other, whichever is less. */
function differingBits(one: Uint8Array, other: Uint8Array): number {
  let [asIs, mirrored] = [0, 0];
  for (const [i, byte] of one.entries()) {
    const differing = byte ^ (other[i] ?? 0);
    asIs += setBits(differing);
    mirrored += setBits(differing ^ MIRRORED);
  }
  return Math.min(asIs, mirrored);
}

/** Bits of a byte. */
function setBits(byte: number): number {
  let count = 0;
  for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  return count;
}
