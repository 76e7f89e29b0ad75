/** Runs the Worker's own code in Node: from a picture to the network's input and output. */

import { createDecoder } from '../src/image/decode.ts';
import { type Prepared, planFor, prepare } from '../src/image/prepare.ts';
import { createNetwork } from '../src/inference/network.ts';
import { softmax, topK } from '../src/inference/softmax.ts';

const decoder = createDecoder();
const network = createNetwork();

/** @throws if the Worker would refuse the picture. */
export async function prepared(file: Uint8Array): Promise<Prepared> {
  const plan = planFor(file);
  const result = plan.ok ? await prepare(plan.value, decoder) : plan;
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

/** The ILSVRC-2012 index of the first class. */
export async function firstClass(input: Float32Array): Promise<number> {
  const { logits } = await network.run(input);
  const [first] = topK(softmax(logits), 1, 0);
  if (first === undefined) throw new Error('the network names no class');
  return first.index;
}

/** Mean absolute difference of two inputs, in levels of 255. */
export function meanDifference(one: Float32Array, other: Float32Array): number {
  const sum = one.reduce((total, value, i) => total + Math.abs(value - (other[i] ?? Number.NaN)), 0);
  return (sum / one.length) * 127.5;
}
