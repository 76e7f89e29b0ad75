/**
 * Solves symmetric systems by Cholesky's method, on rows in the kernel's memory.
 *
 * The matrix is stored as its lower half, row by row. All loops go along rows: four products of rows at once, then the
 * remaining triangle of four by four.
 */
import { kernel, type Place } from './kernel.ts';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
const ROWS_AT_ONCE = 4;

export interface Triangle {
  /** `size` rows, `stride` floats apart; rows up to the next multiple of 4 are read too. */
  readonly place: Place;
  /** A multiple of 4. */
  readonly size: number;
  readonly stride: number;
  /** Room for four products. */
  readonly four: Place;
}

/** The next multiple of 4. */
export function roundedUp(count: number): number {
  return Math.ceil(count / ROWS_AT_ONCE) * ROWS_AT_ONCE;
}

/**
 * Computes L from A, where A = L Lᵀ, in place.
 *
 * @throws if A is not positive definite, which a ridge system always is.
 */
export function factor(triangle: Triangle): void {
  const { place, size, stride } = triangle;
  const { floats } = place;
  for (let i = 0; i < size; i++) {
    const row = i * stride;
    const squares = forward(
      triangle,
      { at: place.at + row * FLOAT_BYTES, floats: floats.subarray(row, row + size) },
      0,
      i,
    );
    const rest = (floats[row + i] as number) - squares;
    if (!(rest > 0)) throw new Error(`row ${i} of the system is not independent of those before it`);
    floats[row + i] = Math.sqrt(rest);
    // The kernel's products take whole groups of four, and what is beyond the diagonal is not part of L.
    floats.fill(0, row + i + 1, row + roundedUp(i + 1));
  }
}

/**
 * Solves L x = b in place, for the first `end` numbers.
 *
 * @param from index of the first nonzero number of b, or lower.
 * @returns the sum of squares of x.
 */
export function forward(triangle: Triangle, vector: Place, from: number, end: number): number {
  const { place, stride, four } = triangle;
  const { floats: x } = vector;
  const l = place.floats;
  const products = four.floats;
  const wasm = kernel();
  const begin = from - (from % ROWS_AT_ONCE);
  let squares = 0;
  for (let i = begin; i < end; i += ROWS_AT_ONCE) {
    wasm.products(
      vector.at + begin * FLOAT_BYTES,
      place.at + (i * stride + begin) * FLOAT_BYTES,
      stride * FLOAT_BYTES,
      ROWS_AT_ONCE,
      i - begin,
      four.at,
    );
    const last = Math.min(i + ROWS_AT_ONCE, end);
    for (let j = i; j < last; j++) {
      const row = j * stride;
      let sum = (x[j] as number) - (products[j - i] as number);
      for (let k = i; k < j; k++) sum -= (l[row + k] as number) * (x[k] as number);
      const value = sum / (l[row + j] as number);
      x[j] = value;
      squares += value * value;
    }
  }
  return squares;
}

/** Solves Lᵀ x = b in place. */
export function backward({ place, size, stride }: Triangle, { at, floats: x }: Place): void {
  const l = place.floats;
  const wasm = kernel();
  for (let i = size - 1; i >= 0; i--) {
    const row = i * stride;
    const value = (x[i] as number) / (l[row + i] as number);
    // Includes up to three numbers from i on: i's own, which is set next, and those that meet 0 beyond the diagonal.
    wasm.addScaled(-value, place.at + row * FLOAT_BYTES, at, roundedUp(i));
    x[i] = value;
  }
}
