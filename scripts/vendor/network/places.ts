/** Where the weights are in the runtime's memory. */
import layout from '../../../model/weights.json' with { type: 'json' };
import type { Place } from '../../../src/inference/runtime.ts';

/** A tensor in the graph's external file: offset and length in floats. */
interface Tensor {
  readonly offset: number;
  readonly floats: number;
}

/** Floats in the graph's external file, and where each tensor of model/weights.json begins in it. */
export const WEIGHTS = {
  floats: layout.floats,
  tensors: layout.tensors.map(
    ({ offset, shape }): Tensor => ({
      offset,
      floats: shape.reduce((product, side) => product * side, 1),
    }),
  ),
};

/** Numbers encoded as floats; values between 0.5 and 0.73 do not disturb a session. */
const FIRST = 0x3f000000;

/** Weights that are all different, so that each identifies its place in the external file. */
export function markedWeights(floats: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: floats }, (_, index) => FIRST + index);
}

/**
 * @param memory of a runtime that has loaded `markedWeights`
 * @throws if a tensor is not found exactly once
 */
export function findPlaces(memory: Uint8Array, tensors: readonly Tensor[]): Place[] {
  const words = new Uint32Array(memory.buffer, memory.byteOffset, memory.byteLength / 4);
  const byFirst = new Map(tensors.map((tensor) => [FIRST + tensor.offset, tensor]));
  const found = new Map<Tensor, number[]>();
  for (const [index, word] of words.entries()) {
    const tensor = byFirst.get(word);
    if (tensor === undefined || !holds(words, index, word, tensor.floats)) continue;
    found.set(tensor, [...(found.get(tensor) ?? []), 4 * index]);
  }
  return tensors.map((tensor, index) => {
    const [at, ...more] = found.get(tensor) ?? [];
    if (at === undefined || more.length > 0)
      throw new Error(
        `Tensor ${index} of model/weights.json is in memory ${at === undefined ? 0 : 1 + more.length} times.`,
      );
    return { at, floats: tensor.floats };
  });
}

function holds(words: Uint32Array, index: number, first: number, count: number): boolean {
  for (let i = 0; i < count; i++) if (words[index + i] !== first + i) return false;
  return true;
}

/** @returns a copy in which those places hold zeros */
export function zeroed(memory: Uint8Array, places: readonly Place[]): Buffer {
  const copy = Buffer.from(memory);
  for (const { at, floats } of places) copy.fill(0, at, at + 4 * floats);
  return copy;
}
