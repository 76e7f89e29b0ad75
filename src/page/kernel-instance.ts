/**
 * The inner loops of training and search in plain JavaScript, which replace the wasm in the bundle for pages: compiling
 * wasm there would require the policy of all pages to allow it.
 *
 * Sums are in double precision and rounded once, where the wasm has four sums in single precision. So weights differ in
 * the seventh digit.
 */
import type { Kernel } from '../collections/kernel-instance.ts';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
const WORD_BYTES = Int32Array.BYTES_PER_ELEMENT;

/** Words in a row of 1024 bits. */
const BITS_WORDS = 32;
const BITS_BYTES = BITS_WORDS * WORD_BYTES;

/** Numbers in a row of bytes, and in the row of floats that it is multiplied by. */
const DIMENSIONS = 1024;

export function instantiate(): Kernel {
  const memory = new WebAssembly.Memory({ initial: 1 });
  // Recreated after the memory has grown, which detaches the old views.
  let floats = new Float32Array(memory.buffer);
  let words = new Int32Array(memory.buffer);
  let bytes = new Int8Array(memory.buffer);

  function look(): void {
    if (floats.buffer === memory.buffer) return;
    floats = new Float32Array(memory.buffer);
    words = new Int32Array(memory.buffer);
    bytes = new Int8Array(memory.buffer);
  }

  return {
    memory,
    addScaled(scale, x, y, count) {
      look();
      const factor = Math.fround(scale);
      const from = x / FLOAT_BYTES;
      const to = y / FLOAT_BYTES;
      for (let i = 0; i < count; i++)
        floats[to + i] = (floats[to + i] as number) + factor * (floats[from + i] as number);
    },
    products(row, rows, stride, count, length, out) {
      look();
      const one = row / FLOAT_BYTES;
      for (let i = 0; i < count; i++) {
        const other = (rows + i * stride) / FLOAT_BYTES;
        // Four sums, because a single one waits for each addition.
        let [a, b, c, d] = [0, 0, 0, 0];
        for (let k = 0; k < length; k += 4) {
          a += (floats[one + k] as number) * (floats[other + k] as number);
          b += (floats[one + k + 1] as number) * (floats[other + k + 1] as number);
          c += (floats[one + k + 2] as number) * (floats[other + k + 2] as number);
          d += (floats[one + k + 3] as number) * (floats[other + k + 3] as number);
        }
        floats[out / FLOAT_BYTES + i] = a + b + c + d;
      }
    },
    differences(row, rows, count, out) {
      look();
      const one = row / WORD_BYTES;
      for (let i = 0; i < count; i++) {
        const other = (rows + i * BITS_BYTES) / WORD_BYTES;
        let differing = 0;
        for (let k = 0; k < BITS_WORDS; k++)
          differing += setBits((words[one + k] as number) ^ (words[other + k] as number));
        words[out / WORD_BYTES + i] = differing;
      }
    },
    byteProducts(row, rows, count, out) {
      look();
      const one = row / FLOAT_BYTES;
      for (let i = 0; i < count; i++) {
        const other = rows + i * DIMENSIONS;
        let [sum, squares] = [0, 0];
        for (let k = 0; k < DIMENSIONS; k++) {
          const value = bytes[other + k] as number;
          sum += (floats[one + k] as number) * value;
          squares += value * value;
        }
        floats[out / FLOAT_BYTES + 2 * i] = sum;
        floats[out / FLOAT_BYTES + 2 * i + 1] = squares;
      }
    },
  };
}

/** Popcount of 32 bits: pairs are counted, then fours, then eights, and the product adds up the four bytes. */
function setBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
