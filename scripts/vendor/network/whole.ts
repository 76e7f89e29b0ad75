/** onnxruntime-web's module with its session created, with all of its functions. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Image, Place } from '../../../src/inference/runtime.ts';
import { PROJECT } from '../../toolchain.mjs';
import { type Detour, withoutDetours } from './detours.ts';
import { entry } from './entry.ts';
import { imageModule } from './image-module.ts';
import { findPlaces, markedWeights, WEIGHTS, zeroed } from './places.ts';
import { startPlain } from './plain.ts';
import { writeWeights } from './weights.ts';

export interface Whole {
  /** The module without the weights, which are zeros. */
  readonly module: Buffer;
  readonly image: Image;
  /** Where the tensors of model/weights.json are, in its order. */
  readonly weights: readonly Place[];
  /** What the package itself answers: the bytes of logits and embedding. */
  infer(input: Float32Array): Buffer;
}

/** The glue's names for the imports that runs call, for any number of arguments. */
const DETOURS: Readonly<Record<string, Detour>> = {
  d: 'invoke',
  q: 'invoke',
  K: 'invoke',
  Q: 'invoke',
  Qa: 'clock',
};

/** @param ortWasm the package's module */
export async function wholeModule(ortWasm: Uint8Array): Promise<Whole> {
  const weights = new Float32Array(WEIGHTS.floats);
  const placeOf = (tensor: number) => {
    const { offset, floats } = entry(WEIGHTS.tensors, tensor);
    return weights.subarray(offset, offset + floats);
  };
  writeWeights(weightsFile(), placeOf, 'runtime');
  const plain = await startPlain(ortWasm, new Uint8Array(weights.buffer));
  const marked = await startPlain(ortWasm, new Uint8Array(markedWeights(WEIGHTS.floats).buffer));

  const { run, input, logits, embedding, globals, exported, infer } = plain;
  const places = findPlaces(marked.snapshot, WEIGHTS.tensors);
  const memory = zeroed(plain.snapshot, places);
  if (!memory.equals(zeroed(marked.snapshot, places)))
    throw new Error('A session keeps what it has computed from the weights.');

  // The first run allocates memory too.
  infer(new Float32Array(input.floats));
  const names = { imports: 'unused', exports: exported };
  return {
    module: imageModule(withoutDetours(ortWasm, DETOURS), { memory, globals, pages: plain.pages() }, names),
    image: { run, input, logits, embedding },
    weights: places,
    infer,
  };
}

/** The contents of model/weights.bin. */
export function weightsFile(): ArrayBuffer {
  return Uint8Array.from(readFileSync(path.join(PROJECT, 'model', 'weights.bin'))).buffer;
}
