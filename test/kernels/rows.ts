/** One row times a matrix: `MlasSgemmOperation` on floats, and the kernel on the int8 values that they come from. */
import assert from 'node:assert/strict';
import { assertClose } from './closeness.ts';
import type { Draw, Kind } from './drawn.ts';
import type { Machine } from './machine.ts';

/** `CblasNoTrans`. */
const NOT_TRANSPOSED = 111;
const MULTIPLE = 8;

export function multiplyRows(machine: Machine, { whole, floats, one }: Draw, kind: Kind): void {
  const [k, n] = [MULTIPLE * whole(1, 30), whole(1, 90)];
  const values = Int8Array.from({ length: k * n }, () => whole(-127, 127));
  const scales = floats(kind === 'extreme' ? kind : 'random', n).map(Math.abs);
  const row = floats(kind, k);
  const added = floats(kind === 'infinite' ? 'random' : kind, n);
  const matrix = Float32Array.from(values, (value, index) => value * (scales[index % n] ?? 0));
  const beta = one([0, 1]);

  machine.clear();
  const packed = Int8Array.of(...values, ...new Int8Array(scales.buffer));
  const run = (call: (...numbers: number[]) => void, b: Float32Array | Int8Array, signs: boolean) => {
    const of = (numbers: Float32Array) => (signs ? numbers : numbers.map(Math.abs));
    const c = machine.put(of(added));
    const at = machine.put(of(row));
    call(NOT_TRANSPOSED, NOT_TRANSPOSED, 1, n, k, 1, at, k, machine.put(b), n, beta, c, n);
    return machine.floats(c, n).slice();
  };
  const { theirs, ours } = machine.rowProduct;
  const magnitudes = run(theirs, matrix.map(Math.abs), false);
  assertClose(run(ours, packed, true), run(theirs, matrix, true), magnitudes, k);

  const c = machine.put(added);
  for (const [m, columns, alpha, transposed] of [
    [2, n, 1, NOT_TRANSPOSED],
    [1, n + 1, 1, NOT_TRANSPOSED],
    [1, n, 2, NOT_TRANSPOSED],
    [1, n, 1, NOT_TRANSPOSED + 1],
  ] as const) {
    assert.throws(
      () => ours(NOT_TRANSPOSED, transposed, m, n, k, alpha, c, k, c, columns, beta, c, n),
      WebAssembly.RuntimeError,
    );
  }
}
