/**
 * The inner loops of training and search in wasm, four numbers at a time (`kernel.wat`).
 *
 * A page's policy allows no wasm, so the bundle for pages has `src/page/kernel-instance.ts` in place of this file.
 */
import kernelWasm from './kernel.wasm';

export interface Kernel {
  readonly memory: WebAssembly.Memory;
  /** y += scale × x, over `floats` numbers, a multiple of 4; addresses are in bytes. */
  addScaled(scale: number, x: number, y: number, floats: number): void;
  /**
   * The products of a row with `count` others, which begin `stride` bytes apart, written to `out` as floats. `floats`
   * is a multiple of 4. `count` is rounded up to a multiple of 4, for reads and writes.
   */
  products(row: number, rows: number, stride: number, count: number, floats: number, out: number): void;
  /** In how many of 1024 bits a row differs from each of `count` others, 128 bytes each, written to `out` as int32. */
  differences(row: number, rows: number, count: number, out: number): void;
  /**
   * A row of 1024 floats with `count` rows of 1024 signed bytes: writes to `out`, for each, the sum of products and the
   * sum of the bytes' squares, as floats.
   */
  byteProducts(row: number, rows: number, count: number, out: number): void;
}

export function instantiate(): Kernel {
  // The only cast at the boundary to wasm: exports are untyped, and `npm run check -- wasm` builds it from its text.
  return new WebAssembly.Instance(kernelWasm).exports as unknown as Kernel;
}
