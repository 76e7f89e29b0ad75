/**
 * The inner loops of training and search in wasm, four numbers at a time (`kernel.wat`).
 *
 * There is one instance an isolate. Its memory holds what is worked on for as long as one call takes, and nothing in
 * between: whoever calls lays it out anew. It grows to what the largest training has wanted, at most 10 MiB, because
 * a wasm memory never shrinks and one for each call would not be collected in time.
 */
import kernelWasm from './kernel.wasm';

const PAGE_BYTES = 65_536;
const ALIGNMENT = 16;

export interface Kernel {
  readonly memory: WebAssembly.Memory;
  /** y += scale × x, over `floats` numbers, a multiple of 4; addresses are in bytes. */
  addScaled(scale: number, x: number, y: number, floats: number): void;
  /**
   * The products of a row with `count` others, which begin `stride` bytes apart: to `out`, as floats. `floats` is a
   * multiple of 4. `count` is rounded up to a multiple of 4, for what is read and what is written.
   */
  products(row: number, rows: number, stride: number, count: number, floats: number, out: number): void;
  /** In how many of 1024 bits a row differs from each of `count` others, 128 bytes each: to `out`, as int32. */
  differences(row: number, rows: number, count: number, out: number): void;
  /**
   * A row of 1024 floats with `count` rows of 1024 signed bytes: to `out` for each the sum of products and that of the
   * bytes' squares, as floats.
   */
  byteProducts(row: number, rows: number, count: number, out: number): void;
}

let instance: Kernel | undefined;

export function kernel(): Kernel {
  // The one cast at the border to wasm: exports are untyped, and `npm run check -- wasm` builds it from its text.
  instance ??= new WebAssembly.Instance(kernelWasm).exports as unknown as Kernel;
  return instance;
}

/** Floats in the kernel's memory. */
export interface Place {
  /** Address in bytes, a multiple of 16. */
  readonly at: number;
  readonly floats: Float32Array;
}

/**
 * Lays out the kernel's memory: a place of zeros for each length, in floats, one behind another.
 *
 * Whatever was laid out before is gone.
 */
export function layOut<Name extends string>(lengths: Readonly<Record<Name, number>>): Record<Name, Place> {
  const { memory } = kernel();
  const names = Object.keys(lengths) as Name[];
  const ends: number[] = [];
  let end = 0;
  for (const name of names) {
    end = aligned(end + lengths[name] * Float32Array.BYTES_PER_ELEMENT);
    ends.push(end);
  }
  const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE_BYTES);
  if (missing > 0) memory.grow(missing);
  const places = names.map((name, i) => {
    const at = ends[i - 1] ?? 0;
    return [name, { at, floats: new Float32Array(memory.buffer, at, lengths[name]).fill(0) }] as const;
  });
  // Of the names that came in.
  return Object.fromEntries(places) as Record<Name, Place>;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
