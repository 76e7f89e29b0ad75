/**
 * The memory of the inner loops of training and search, and its layout.
 *
 * There is one instance per isolate. Its memory holds data only during a call: each caller lays it out again. It grows
 * to what the largest training has needed, at most 10 MiB, because a wasm memory never shrinks and one for each call
 * would not be collected in time.
 */
import { instantiate, type Kernel } from './kernel-instance.ts';

const PAGE_BYTES = 65_536;
const ALIGNMENT = 16;

let instance: Kernel | undefined;

export function kernel(): Kernel {
  instance ??= instantiate();
  return instance;
}

/** Floats in the kernel's memory. */
export interface Place {
  /** Address in bytes, a multiple of 16. */
  readonly at: number;
  readonly floats: Float32Array;
}

/**
 * Lays out the kernel's memory: a zeroed area for each length, in floats, one after the other.
 *
 * Discards the previous layout.
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
  // The keys are those of the argument.
  return Object.fromEntries(places) as Record<Name, Place>;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
