/**
 * The perceptual hash by which copies are found: 64 bits.
 *
 * The network's input is averaged to 32×32 grey, and the signs of the 8×8 lowest frequencies of its cosine transform
 * are kept. A copy that was resized, recompressed or brightened has nearly the same signs; an unrelated picture has
 * half of them by chance. The usual form compares with the median of the frequencies instead of zero. Signs work as
 * well, and the mirrored picture has the same signs except at odd frequencies along the row, so that one hash
 * recognises both.
 *
 * Embedding and hash fail at different edits, so copies are found by both: src/collections/copies.ts.
 */

export const FINGERPRINT_BYTES = 8;

/** Side in pixels of the network's input averaged in blocks of 7×7. */
export const THUMBNAIL_SIDE = 32;

/** Frequencies along each axis: one byte per row. */
const FREQUENCIES = 8;

/** cos(π u (2x + 1) / 64), a row of 32 for each frequency u. Only signs are used, so nothing is scaled. */
const COSINES = Float32Array.from({ length: FREQUENCIES * THUMBNAIL_SIDE }, (_, i) =>
  Math.cos(
    (Math.PI * Math.floor(i / THUMBNAIL_SIDE) * (2 * (i % THUMBNAIL_SIDE) + 1)) / (2 * THUMBNAIL_SIDE),
  ),
);

/**
 * @param thumbnail of the network's input: 32×32 greys of any scale, row by row.
 * @returns a byte for each vertical frequency, a bit in it for each horizontal one, from the least significant. The
 *   very first bit, which would be the mean brightness, is 0.
 */
export function fingerprintOf(thumbnail: Float32Array): Uint8Array<ArrayBuffer> {
  const lines = new Float32Array(FREQUENCIES * THUMBNAIL_SIDE);
  for (let u = 0; u < FREQUENCIES; u++) {
    for (let y = 0; y < THUMBNAIL_SIDE; y++)
      lines[u * THUMBNAIL_SIDE + y] = sumOfProducts(thumbnail, y * THUMBNAIL_SIDE, u);
  }
  const fingerprint = new Uint8Array(FINGERPRINT_BYTES);
  for (let v = 0; v < FREQUENCIES; v++) {
    for (let u = v === 0 ? 1 : 0; u < FREQUENCIES; u++) {
      if (sumOfProducts(lines, u * THUMBNAIL_SIDE, v) > 0)
        fingerprint[v] = (fingerprint[v] as number) | (1 << u);
    }
  }
  return fingerprint;
}

/** Product of 32 numbers from `from` on with the cosines of a frequency. */
function sumOfProducts(values: Float32Array, from: number, frequency: number): number {
  let sum = 0;
  for (let i = 0; i < THUMBNAIL_SIDE; i++) {
    sum += (values[from + i] as number) * (COSINES[frequency * THUMBNAIL_SIDE + i] as number);
  }
  return sum;
}
