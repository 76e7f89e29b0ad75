import { describe, expect, it } from 'vitest';
import { instantiate as inWasm, type Kernel } from '../../src/collections/kernel-instance.ts';
import { instantiate as inScript } from '../../src/page/kernel-instance.ts';
import { normals, randoms } from '../collections/examples.ts';

/** Offsets of the question, the rows and the results, in bytes. */
const ROW = 4096;
const ROWS = 8192;
const OUT = 61_440;
const COUNT = 11;
const BYTES = 65_536;

/** The results of both kernels for the same memory. */
function bothAfter(fill: (buffer: ArrayBuffer) => void, call: (kernel: Kernel) => void): ArrayBuffer[] {
  return [inWasm(), inScript()].map((kernel) => {
    fill(kernel.memory.buffer as ArrayBuffer);
    call(kernel);
    return kernel.memory.buffer.slice(0, BYTES) as ArrayBuffer;
  });
}

const floats = (buffer: ArrayBuffer | undefined, from: number, count: number) => [
  ...new Float32Array(buffer ?? new ArrayBuffer(0), from, count),
];

function withNormals(buffer: ArrayBuffer): void {
  const normal = normals(3);
  new Float32Array(buffer).set(Float32Array.from({ length: BYTES / 4 }, normal));
}

function withRandomBytes(buffer: ArrayBuffer): void {
  const random = randoms(5);
  new Uint8Array(buffer).set(Uint8Array.from({ length: BYTES }, () => 256 * random()));
}

function expectNear(one: readonly number[], other: readonly number[]): void {
  expect(one.length).toBe(other.length);
  for (const [i, value] of one.entries())
    expect(Math.abs(value - (other[i] ?? 0))).toBeLessThan(1e-5 * (1 + Math.abs(value)));
}

describe('the kernel in script does what the one in wasm does', () => {
  it('addScaled', () => {
    const [wasm, script] = bothAfter(withNormals, ({ addScaled }) => addScaled(-0.7, ROW, ROWS, 12));
    expectNear(floats(wasm, 0, BYTES / 4), floats(script, 0, BYTES / 4));
  });

  it('products, of rows with a stride', () => {
    const [wasm, script] = bothAfter(withNormals, ({ products }) =>
      products(ROW, ROWS, 4000, COUNT, 992, OUT),
    );
    expectNear(floats(wasm, OUT, COUNT), floats(script, OUT, COUNT));
    expect(floats(script, OUT, COUNT).some((value) => Math.abs(value) > 10)).toBe(true);
  });

  it('differences', () => {
    const [wasm, script] = bothAfter(withRandomBytes, ({ differences }) =>
      differences(ROW, ROWS, COUNT, OUT),
    );
    const found = [...new Int32Array(script ?? new ArrayBuffer(0), OUT, COUNT)];
    expect(found).toEqual([...new Int32Array(wasm ?? new ArrayBuffer(0), OUT, COUNT)]);
    expect(found.every((bits) => bits > 400 && bits < 624)).toBe(true);
  });

  it('byteProducts', () => {
    const fill = (buffer: ArrayBuffer) => {
      withRandomBytes(buffer);
      new Float32Array(buffer, ROW, 1024).set(Float32Array.from({ length: 1024 }, normals(9)));
    };
    const [wasm, script] = bothAfter(fill, ({ byteProducts }) => byteProducts(ROW, ROWS, COUNT, OUT));
    expectNear(floats(wasm, OUT, 2 * COUNT), floats(script, OUT, 2 * COUNT));
  });

  it('also after its memory has grown', () => {
    const kernel = inScript();
    kernel.memory.grow(2);
    new Float32Array(kernel.memory.buffer, BYTES, 8).fill(2);
    kernel.addScaled(3, BYTES, BYTES + 16, 4);
    expect(floats(kernel.memory.buffer as ArrayBuffer, BYTES + 16, 4)).toEqual([8, 8, 8, 8]);
  });
});
