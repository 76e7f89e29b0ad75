/**
 * onnxruntime-web's module, started by the package's own glue, with a session of our graph and the tensors of a run.
 *
 * Nothing of this machine gets into its memory: no environment, and a clock that stands. The memory grows only as
 * far as it is asked to, so that its size afterwards is what was needed.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ortWasmThreaded from 'onnxruntime-web/ort-wasm-simd-threaded.mjs';
import layout from '../../../model/weights.json' with { type: 'json' };
import type { Image, Place } from '../../../src/inference/runtime.ts';
import { LOGIT_COUNT } from '../../../src/inference/softmax.ts';
import { PUBLIC_INPUT_FLOATS } from '../../../src/inference/tensor.ts';
import { PROJECT } from '../../toolchain.mjs';
import { globalsIn, withGlobalsExported } from './globals.ts';

const PAGE = 65_536;

const GRAPH = path.join(PROJECT, 'model', 'mobilenet_v3_small.onnx');
/** The external file that the graph names. */
const WEIGHTS_FILE = 'weights.f32';
const INPUT_SHAPE = [1, 3, 224, 224];
const EMBEDDING_SIZE = 1024;

/** The glue's names of one letter for what is replaced here. */
const IMPORTS = {
  module: 'a',
  memory: 'a',
  grow: 'I',
  clock: 'Qa',
  environmentSizes: 'Ha',
  environment: 'Ga',
};

/** `GraphOptimizationLevel`, `ExecutionMode`, `OrtLoggingLevel`, `ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT`, CPU. */
const [NO_OPTIMISATION, SEQUENTIAL, WARNINGS, FLOAT, ON_CPU] = [0, 0, 2, 1, 1];

/** What of the glue's object is used. Addresses and handles are numbers; 0 is a failure, as a code it is success. */
interface Glue {
  HEAPU8: Uint8Array;
  setValue(at: number, value: number, type: 'i32'): void;
  stringToUTF8(text: string, at: number, bytes: number): void;
  mountExternalData(name: string, data: Uint8Array): void;
  unmountExternalData(): void;
  _malloc(bytes: number): number;
  _free(at: number): void;
  _OrtInit(threads: number, logging: number): number;
  _OrtCreateSessionOptions(...values: (number | boolean)[]): number;
  _OrtAddSessionConfigEntry(options: number, key: number, value: number): number;
  _OrtReleaseSessionOptions(options: number): void;
  _OrtCreateSession(graph: number, bytes: number, options: number): number | Promise<number>;
  _OrtCreateTensor(...values: number[]): number;
  _OrtCreateRunOptions(...values: number[]): number;
  _OrtRun(...values: number[]): number;
}

export interface Plain extends Omit<Image, 'weights'> {
  /** The memory as it was before the first run. */
  readonly snapshot: Uint8Array;
  /** Of the module's variables at that moment, by their index. */
  readonly globals: readonly number[];
  /** What the module exports `OrtRun` and its table as. */
  readonly exported: { readonly run: string; readonly table: string };
  /** Pages of memory that have been needed so far. */
  pages(): number;
  /** @returns the bytes of logits and embedding */
  infer(input: Float32Array): Buffer;
}

/** @param weights float32, as the graph's external file has them */
export async function startPlain(ortWasm: Uint8Array, weights: Uint8Array): Promise<Plain> {
  const { glue, instance, memory } = await startGlue(ortWasm);
  const session = await createSession(glue, weights);
  const input = createTensor(glue, INPUT_SHAPE);
  const logits = createTensor(glue, [1, LOGIT_COUNT]);
  const embedding = createTensor(glue, [1, EMBEDDING_SIZE]);
  const run = [
    session,
    numbers(glue, [text(glue, 'input')]),
    numbers(glue, [input.tensor]),
    1,
    numbers(glue, [text(glue, 'logits'), text(glue, 'embedding')]),
    2,
    numbers(glue, [logits.tensor, embedding.tensor]),
    made(glue._OrtCreateRunOptions(WARNINGS, 0, 0, 0), 'run options'),
  ];
  if (input.place.floats !== PUBLIC_INPUT_FLOATS)
    throw new Error('The input has another size than the contract.');
  const bytesAt = ({ at, floats }: Place) => Buffer.from(new Uint8Array(memory.buffer, at, floats * 4));
  return {
    snapshot: new Uint8Array(memory.buffer).slice(),
    globals: globalsIn(instance),
    exported: { run: nameOf(instance, glue._OrtRun), table: nameOfTable(instance) },
    run,
    input: input.place,
    logits: logits.place,
    embedding: embedding.place,
    pages: () => memory.buffer.byteLength / PAGE,
    infer(picture) {
      new Float32Array(memory.buffer, input.place.at, input.place.floats).set(picture);
      succeed(glue._OrtRun(...run), 'a run');
      return Buffer.concat([bytesAt(logits.place), bytesAt(embedding.place)]);
    },
  };
}

/** Floats in the graph's external file, and where in it each tensor of model/weights.json begins. */
export const WEIGHTS = {
  floats: layout.floats,
  tensors: layout.tensors.map(({ offset, shape }) => ({
    offset,
    floats: shape.reduce((product, side) => product * side, 1),
  })),
};

async function startGlue(ortWasm: Uint8Array) {
  const module = new WebAssembly.Module(Buffer.from(withGlobalsExported(ortWasm)));
  const started: { instance?: WebAssembly.Instance; memory?: WebAssembly.Memory } = {};
  const instantiateWasm = (
    imports: Record<string, Record<string, unknown>>,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ) => {
    const own = imports[IMPORTS.module] ?? {};
    const memory = own[IMPORTS.memory];
    if (!(memory instanceof WebAssembly.Memory)) throw new Error("The glue's memory is not where it was.");
    const replaced = { ...own, ...replacements(memory) };
    started.memory = memory;
    started.instance = new WebAssembly.Instance(module, {
      [IMPORTS.module]: replaced,
    } as WebAssembly.Imports);
    done(started.instance, module);
  };
  const glue = (await ortWasmThreaded({ numThreads: 1, instantiateWasm })) as Glue;
  const { instance, memory } = started;
  if (instance === undefined || memory === undefined)
    throw new Error('The glue has not asked for an instance.');
  succeed(glue._OrtInit(1, WARNINGS), 'the start');
  return { glue, instance, memory };
}

function replacements(memory: WebAssembly.Memory) {
  const write = (at: number, value: bigint) => new DataView(memory.buffer).setBigInt64(at >>> 0, value, true);
  return {
    [IMPORTS.grow](bytes: number): number {
      memory.grow(Math.ceil((bytes >>> 0) / PAGE) - memory.buffer.byteLength / PAGE);
      return 1;
    },
    [IMPORTS.clock](_clock: number, _precision: bigint, at: number): number {
      write(at, 0n);
      return 0;
    },
    [IMPORTS.environmentSizes](count: number, bytes: number): number {
      for (const at of [count, bytes]) new DataView(memory.buffer).setInt32(at >>> 0, 0, true);
      return 0;
    },
    [IMPORTS.environment]: () => 0,
  };
}

/**
 * The graph was optimised offline and prepacking is off, because the peak of memory is made here, and without both
 * it is 20 MiB higher at the same speed (`model/README.md`).
 */
async function createSession(glue: Glue, weights: Uint8Array): Promise<number> {
  const [arena, pattern, profiling] = [false, false, false];
  const options = made(
    glue._OrtCreateSessionOptions(
      NO_OPTIMISATION,
      arena,
      pattern,
      SEQUENTIAL,
      profiling,
      0,
      0,
      WARNINGS,
      0,
      0,
    ),
    'session options',
  );
  for (const [key, value] of [
    ['session.disable_prepacking', '1'],
    ['session.use_ort_model_bytes_directly', '1'],
  ] as const) {
    succeed(glue._OrtAddSessionConfigEntry(options, text(glue, key), text(glue, value)), key);
  }
  const graph = readFileSync(GRAPH);
  const at = bytes(glue, graph.length);
  glue.HEAPU8.set(graph, at);
  glue.mountExternalData(WEIGHTS_FILE, weights);
  const session = made(await glue._OrtCreateSession(at, graph.length, options), 'session');
  glue.unmountExternalData();
  glue._OrtReleaseSessionOptions(options);
  glue._free(at);
  return session;
}

function createTensor(glue: Glue, shape: readonly number[]): { tensor: number; place: Place } {
  const floats = shape.reduce((product, side) => product * side, 1);
  const at = bytes(glue, floats * 4);
  glue.HEAPU8.fill(0, at, at + floats * 4);
  const sides = numbers(glue, shape);
  const tensor = glue._OrtCreateTensor(FLOAT, at, floats * 4, sides, shape.length, ON_CPU);
  return { tensor: made(tensor, 'tensor'), place: { at, floats } };
}

function bytes(glue: Glue, count: number): number {
  return made(glue._malloc(count), 'memory') >>> 0;
}

function numbers(glue: Glue, values: readonly number[]): number {
  const at = bytes(glue, 4 * values.length);
  for (const [index, value] of values.entries()) glue.setValue(at + 4 * index, value, 'i32');
  return at;
}

function text(glue: Glue, letters: string): number {
  const at = bytes(glue, letters.length + 1);
  glue.stringToUTF8(letters, at, letters.length + 1);
  return at;
}

function made(handle: number, what: string): number {
  if (handle === 0) throw new Error(`onnxruntime-web made no ${what}.`);
  return handle;
}

function succeed(code: number, what: string): void {
  if (code !== 0) throw new Error(`onnxruntime-web: ${what} ended with code ${code}.`);
}

function nameOf({ exports }: WebAssembly.Instance, value: unknown): string {
  const [name] = Object.entries(exports).find(([, exported]) => exported === value) ?? [];
  if (name === undefined) throw new Error('OrtRun is not an export itself.');
  return name;
}

function nameOfTable({ exports }: WebAssembly.Instance): string {
  const [name] = Object.entries(exports).find(([, value]) => value instanceof WebAssembly.Table) ?? [];
  if (name === undefined) throw new Error('The table is not exported.');
  return name;
}
