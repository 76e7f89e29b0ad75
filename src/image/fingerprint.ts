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
import { INPUT_SIDE } from './resample/taps.ts';

export const FINGERPRINT_BYTES = 8;

/** Side of the averaged picture, and pixels of the input along each of its blocks. */
const SIDE = 32;
const BLOCK = INPUT_SIDE / SIDE;
const PLANE = INPUT_SIDE * INPUT_SIDE;

/** Frequencies along each axis: one byte per row. */
const FREQUENCIES = 8;

/** Luma by ITU-R BT.601, as JPEG's grey. */
const RED = 0.299;
const GREEN = 0.587;
const BLUE = 0.114;

/** cos(π u (2x + 1) / 64), a row of 32 for each frequency u. Only signs are used, so nothing is scaled. */
const COSINES = Float32Array.from({ length: FREQUENCIES * SIDE }, (_, i) =>
  Math.cos((Math.PI * Math.floor(i / SIDE) * (2 * (i % SIDE) + 1)) / (2 * SIDE)),
);

/**
 * @param input the network's: NCHW float32 [1, 3, 224, 224].
 * @returns a byte for each vertical frequency, a bit in it for each horizontal one, from the least significant. The
 *   very first bit, which would be the mean brightness, is 0.
 */
export function fingerprintOf(input: Float32Array): Uint8Array<ArrayBuffer> {
  const grey = averaged(input);
  const lines = new Float32Array(FREQUENCIES * SIDE);
  for (let u = 0; u < FREQUENCIES; u++) {
    for (let y = 0; y < SIDE; y++) lines[u * SIDE + y] = sumOfProducts(grey, y * SIDE, u);
  }
  const fingerprint = new Uint8Array(FINGERPRINT_BYTES);
  for (let v = 0; v < FREQUENCIES; v++) {
    for (let u = v === 0 ? 1 : 0; u < FREQUENCIES; u++) {
      if (sumOfProducts(lines, u * SIDE, v) > 0) fingerprint[v] = (fingerprint[v] as number) | (1 << u);
    }
  }
  return fingerprint;
}

/** Grey of 32×32 blocks, times 49. */
function averaged(input: Float32Array): Float32Array {
  const grey = new Float32Array(SIDE * SIDE);
  for (let y = 0; y < INPUT_SIDE; y++) {
    const row = Math.floor(y / BLOCK) * SIDE;
    for (let block = 0; block < SIDE; block++) {
      let [red, green, blue] = [0, 0, 0];
      const from = y * INPUT_SIDE + block * BLOCK;
      for (let at = from; at < from + BLOCK; at++) {
        red += input[at] as number;
        green += input[at + PLANE] as number;
        blue += input[at + 2 * PLANE] as number;
      }
      grey[row + block] = (grey[row + block] as number) + RED * red + GREEN * green + BLUE * blue;
    }
  }
  return grey;
}

/** Product of 32 numbers from `from` on with the cosines of a frequency. */
function sumOfProducts(values: Float32Array, from: number, frequency: number): number {
  let sum = 0;
  for (let i = 0; i < SIDE; i++) {
    sum += (values[from + i] as number) * (COSINES[frequency * SIDE + i] as number);
  }
  return sum;
}
