/**
 * Whether one picture is a copy of another: the same photo, edited.
 *
 * The embedding and the perceptual hash of `src/image/fingerprint.ts` fail at different edits. What was cropped, turned or
 * framed has another hash and nearly the same embedding; what was blurred, made grey or has words across it has another
 * embedding and nearly the same hash. So both are added up. `npm run eval -- copies` measures it on ten kinds of edit, and
 * prints how often pictures of things much alike, which are no copies, are taken for such.
 */

/** What equal hashes count, beside cosines of 1: with it every edited photo of 300 finds its own first. */
const HASH_WEIGHT = 0.8;

/** Differing bits of 64 that two pictures have by chance. */
const BITS_BY_CHANCE = 32;

/** Odd frequencies along the row, in each byte: those whose sign a mirror turns. */
const MIRRORED = 0xaa;

/** From this sum on it is a copy. No two of 300 different photos reach it, and 98.8 % of 3,000 edited ones do. */
const COPY_SCORE = 0.95;

/** Where a hash is missing, because an embedding was given and no picture: half of the copies reach it. */
const COPY_SIMILARITY = 0.9;

/**
 * Of 1024 bits, those of `bits.ts`, the most in which an item may differ from another and be looked at as its copy. Of the
 * copies that are told 99.9 % differ in no more, and of the pairs of different photos two in a thousand.
 */
export const NEAR_BITS = 288;

/**
 * @param similarity cosine of the embeddings: −1 to 1.
 * @param one perceptual hash, of 8 bytes; undefined where it is not known.
 */
export function isCopy(similarity: number, one?: Uint8Array, other?: Uint8Array): boolean {
  if (one === undefined || other === undefined) return similarity >= COPY_SIMILARITY;
  return copyScore(similarity, one, other) >= COPY_SCORE;
}

/** How much like a copy it is: from about 0 for two different pictures to 1.8 for the same one. */
export function copyScore(similarity: number, one: Uint8Array, other: Uint8Array): number {
  return similarity + HASH_WEIGHT * (1 - differingBits(one, other) / BITS_BY_CHANCE);
}

/** Of the pictures, or of one and the mirrored other, whichever is less. */
function differingBits(one: Uint8Array, other: Uint8Array): number {
  let [asIs, mirrored] = [0, 0];
  for (const [i, byte] of one.entries()) {
    const differing = byte ^ (other[i] ?? 0);
    asIs += setBits(differing);
    mirrored += setBits(differing ^ MIRRORED);
  }
  return Math.min(asIs, mirrored);
}

/** Of a byte. */
function setBits(byte: number): number {
  let count = 0;
  for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  return count;
}
