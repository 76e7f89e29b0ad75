/**
 * Inputs of the network: what a run calls depends on shapes, which are always the same, and these are to show that
 * it does not depend on values.
 */
import { PUBLIC_INPUT_FLOATS } from '../../../src/inference/tensor.ts';

const SMALLEST = 2 ** -149;
const LARGEST = 3.4e38;

const filled = (value: number) => new Float32Array(PUBLIC_INPUT_FLOATS).fill(value);
const drawn = (float: (index: number) => number) =>
  Float32Array.from({ length: PUBLIC_INPUT_FLOATS }, (_, i) => float(i));

/** Numbers from −1 to 1 that look like any: a linear congruential generator's upper bits. */
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

/** Of which no picture is made. */
export const EXTREME: readonly Float32Array[] = [
  filled(LARGEST),
  drawn((index) => (index % 2 === 0 ? LARGEST : -LARGEST)),
  filled(Number.POSITIVE_INFINITY),
  filled(Number.NEGATIVE_INFINITY),
  filled(Number.NaN),
  drawn((index) => (index % 7 === 0 ? Number.NaN : Math.cos(index))),
];
