/** onnxruntime-web as the package ships it, with a session of our graph and the tensors of a run. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Glue } from 'onnxruntime-web/ort-wasm-simd-threaded.mjs';
import type { Image, Place } from '../../../src/inference/runtime.ts';
import { LOGIT_COUNT } from '../../../src/inference/softmax.ts';
import { PUBLIC_INPUT_FLOATS } from '../../../src/inference/tensor.ts';
import { PROJECT } from '../../toolchain.mjs';
import { globalsIn } from './globals.ts';
import { startGlue } from './glue.ts';
import { PAGE } from './memory.ts';

const GRAPH = path.join(PROJECT, 'model', 'mobilenet_v3_small.onnx');
/** The external file that the graph names. */
const WEIGHTS_FILE = 'weights.f32';
const INPUT_SHAPE = [1, 3, 224, 224];
const EMBEDDING_SIZE = 1024;

/** ONNX Runtime's numbers for levels of optimisation, execution modes, log messages, element types and memory. */
const [NO_OPTIMISATION, SEQUENTIAL, WARNINGS, FLOAT, ON_CPU] = [0, 0, 2, 1, 1];
const ONE_THREAD = 1;

export interface Plain extends Image {
  /** The memory as it was before the first run. */
  readonly snapshot: Uint8Array;
  /** The values of the module's globals at that moment, by index. */
  readonly globals: readonly number[];
  /** The name under which the module exports `OrtRun`. */
  readonly exported: { readonly run: string };
  /** Pages of memory that have been needed so far. */
  pages(): number;
  /** @returns the bytes of logits and embedding */
  infer(input: Float32Array): Buffer;
}

/** @param weights float32, in the order of the graph's external file */
export async function startPlain(ortWasm: Uint8Array, weights: Uint8Array): Promise<Plain> {
  const { glue, instance, memory } = await startGlue(ortWasm);
  succeed(glue._OrtInit(ONE_THREAD, WARNINGS), 'the start');
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
    exported: { run: nameOf(instance, glue._OrtRun) },
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

/**
 * The graph was optimised offline and prepacking is off, because memory peaks here: with either, it would be 20 MiB
 * higher at the same speed (`model/README.md`).
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
