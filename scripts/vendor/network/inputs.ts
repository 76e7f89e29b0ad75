/**
 * Inputs of the network. What a run calls depends on shapes, which never change; these inputs are to show that it does
 * not depend on values.
 */
import { PUBLIC_INPUT_FLOATS } from '../../../src/inference/tensor.ts';

const SMALLEST = 2 ** -149;
const LARGEST = 3.4e38;

const filled = (value: number) => new Float32Array(PUBLIC_INPUT_FLOATS).fill(value);
const drawn = (float: (index: number) => number) =>
  Float32Array.from({ length: PUBLIC_INPUT_FLOATS }, (_, i) => float(i));

/** Pseudo-random numbers from −1 to 1: the upper bits of a linear congruential generator. */
function noise(): Float32Array {
  let state = 1;
  return drawn(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** From −1 to 1, as pictures are, or smaller. */
export const ORDINARY: readonly Float32Array[] = [
  drawn((index) => Math.sin(index / 100)),
  noise(),
  filled(0),
  filled(-0),
  filled(1),
  filled(-1),
  filled(SMALLEST),
  drawn((index) => SMALLEST * (index % 1000)),
];

/** Inputs that no picture produces. */
export const EXTREME: readonly Float32Array[] = [
  filled(LARGEST),
  drawn((index) => (index % 2 === 0 ? LARGEST : -LARGEST)),
  filled(Number.POSITIVE_INFINITY),
  filled(Number.NEGATIVE_INFINITY),
  filled(Number.NaN),
  drawn((index) => (index % 7 === 0 ? Number.NaN : Math.cos(index))),
];
