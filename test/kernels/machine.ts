/**
 * A module in which both can be called: all of ONNX Runtime's functions, initialised, and the kernels that replace some
 * of them.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import wabtInit from 'wabt';
import { link, SCRATCH_PAGES } from '../../scripts/vendor/network/link.ts';
import { PAGE, pagesOf, withPages } from '../../scripts/vendor/network/memory.ts';
import {
  CONVOLUTION,
  HARD_SIGMOID,
  type Replaced,
  ROW_PRODUCT,
  SPAN_PRODUCT,
} from '../../scripts/vendor/network/replaced.ts';
import { findFunctions } from '../../scripts/vendor/network/signatures.ts';
import { type Whole, wholeModule } from '../../scripts/vendor/network/whole.ts';
import { KERNELS, ORT_WASM } from '../../scripts/vendor/sources.mjs';
import {
  KIND,
  number,
  readNumber,
  readSections,
  SECTION,
  text,
  writeModule,
} from '../../scripts/vendor/wasm-binary.mjs';
import { createRuntime } from '../../src/inference/runtime.ts';

const PROJECT = path.resolve(import.meta.dirname, '..', '..');
/** Memory for the functions' inputs and outputs. */
const ROOM_PAGES = 512;
/** Around everything put into memory: NaN, so that reading it shows, and checked afterwards for writes. */
const [GUARD_BYTES, GUARD] = [256, 0xff];
const ALIGNMENT = 16;
const SCRATCH_BYTES = SCRATCH_PAGES * PAGE;
/** Size of `MLAS_CONV_PARAMETERS` in words; the kind of its activation follows. */
const [PARAMETER_WORDS, RECORD_WORDS, FIRST_RECORD] = [50, 64, 256];

type Call = (...values: number[]) => void;

/** The two versions of a function. */
export interface Pair {
  readonly theirs: Call;
  readonly ours: Call;
}

export interface Machine {
  readonly convolution: Pair;
  readonly rowProduct: Pair;
  readonly hardSigmoid: Pair;
  readonly spanProduct: Pair;
  /**
   * `MLAS_CONV_PARAMETERS` of each convolution of the network, in run order, each followed by the kind of activation.
   */
  readonly recorded: readonly Int32Array[];
  /** Frees what was put into memory. @throws if something was written outside it. */
  clear(): void;
  /** @returns the address of a copy. */
  put(values: Float32Array | Int32Array | Int8Array): number;
  floats(at: number, count: number): Float32Array;
}

export async function machine(): Promise<Machine> {
  const ortWasm = readFileSync(path.join(PROJECT, ORT_WASM));
  const whole = await wholeModule(ortWasm);
  const replaced = [CONVOLUTION, ROW_PRODUCT, HARD_SIGMOID, SPAN_PRODUCT];
  const numbers = findFunctions(ortWasm, replaced);
  const { module, scratch, kernels } = link(whole.module, readFileSync(path.join(PROJECT, KERNELS)), []);
  const theirs = replaced.map(({ name }, index) => [name, numbers[index] ?? -1] as const);
  const exported = withFunctionsExported(module, [...theirs, ...kernels]);
  const pages = pagesOf(exported);
  const { exports } = new WebAssembly.Instance(
    new WebAssembly.Module(Buffer.from(withPages(exported, pages + ROOM_PAGES))),
    { runtime: { unused: unwanted } },
  );
  // The exports are the functions named above.
  const functions = exports as unknown as Record<string, Call> & { readonly memory: WebAssembly.Memory };
  const pair = ({ name, kernel }: Replaced): Pair => ({
    theirs: (...values) => functions[name]?.(...values),
    ours: (...values) => functions[kernel]?.(...values, scratch, SCRATCH_BYTES),
  });
  const begin = pages * PAGE;
  let end = begin;
  const guards: number[] = [];
  return {
    convolution: pair(CONVOLUTION),
    rowProduct: pair(ROW_PRODUCT),
    hardSigmoid: pair(HARD_SIGMOID),
    spanProduct: pair(SPAN_PRODUCT),
    recorded: await record(whole, numbers[0] ?? -1),
    clear() {
      const bytes = new Uint8Array(functions.memory.buffer);
      for (const at of guards) {
        const isWhole = bytes.subarray(at, at + GUARD_BYTES).every((byte) => byte === GUARD);
        assert.ok(isWhole, 'something was written beside what was given');
      }
      guards.length = 0;
      end = begin;
    },
    put(values) {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      const at = end + GUARD_BYTES;
      end = at + Math.ceil(bytes.length / ALIGNMENT) * ALIGNMENT + GUARD_BYTES;
      const memory = new Uint8Array(functions.memory.buffer);
      memory.fill(GUARD, at - GUARD_BYTES, end);
      memory.set(bytes, at);
      guards.push(at - GUARD_BYTES, end - GUARD_BYTES);
      return at;
    },
    floats: (at, count) => new Float32Array(functions.memory.buffer, at, count),
  };
}

function unwanted(): never {
  throw new Error('a function wants something of its surroundings');
}

/** The arguments of `MlasConv` in a run of the network, recorded by a function in its place. */
async function record({ module, image }: Whole, at: number): Promise<readonly Int32Array[]> {
  const [bytes, size, first] = [4 * PARAMETER_WORDS, 4 * RECORD_WORDS, 4 * FIRST_RECORD];
  const { parseWat } = await wabtInit();
  const recorder = parseWat(
    'recorder.wat',
    `(module (import "runtime" "memory" (memory 1))
      (func (export "record") (param $params i32) (param i32 i32 i32 i32 i32 i32) (param $scratch i32) (param i32)
        (local $to i32)
        (local.set $to (i32.add (local.get $scratch)
          (i32.add (i32.const ${first}) (i32.mul (i32.load (local.get $scratch)) (i32.const ${size})))))
        (memory.copy (local.get $to) (local.get $params) (i32.const ${bytes}))
        (i32.store offset=${bytes} (local.get $to) (i32.load (i32.load (local.get $params))))
        (i32.store (local.get $scratch) (i32.add (i32.load (local.get $scratch)) (i32.const 1)))))`,
    { bulk_memory: true },
  ).toBinary({}).buffer;
  const linked = link(module, recorder, [{ at, kernel: 'record' }]);
  const runtime = createRuntime(new WebAssembly.Module(Buffer.from(linked.module)), image);
  runtime.run();
  const { buffer } = runtime.at({ at: linked.scratch, floats: 1 });
  const [count = 0] = new Int32Array(buffer, linked.scratch, 1);
  return Array.from({ length: count }, (_, index) =>
    new Int32Array(buffer, linked.scratch + first + index * size, PARAMETER_WORDS + 1).slice(),
  );
}

function withFunctionsExported(
  module: Uint8Array,
  functions: readonly (readonly [name: string, index: number])[],
): Buffer {
  const more = functions.map(([name, index]) =>
    Buffer.concat([text(name), Buffer.from([KIND.function]), number(index)]),
  );
  return writeModule(
    readSections(module).map(({ id, body }) => {
      if (id !== SECTION.export) return { id, body };
      const [count, after] = readNumber(body, 0);
      return { id, body: Buffer.concat([number(count + more.length), body.subarray(after), ...more]) };
    }),
  );
}
