/**
 * How far two ways to add up the same products may be apart.
 *
 * Each is within n · u · S of the exact sum, where n is the number of roundings that a product can go through, u half a
 * unit in the last place, and S the sum of the absolute values (Higham, Accuracy and Stability of Numerical Algorithms,
 * §3.1). Where numbers are denormal, a product is rounded to a multiple of the smallest one.
 */
import assert from 'node:assert/strict';

const HALF_A_UNIT = 2 ** -24;
const SMALLEST = 2 ** -149;

/**
 * @param magnitudes S of each number
 * @param terms how many products are added
 */
export function assertClose(
  ours: Float32Array,
  theirs: Float32Array,
  magnitudes: Float32Array,
  terms: number,
): void {
  // Products and what is added to them: a bias, the previous output, a scale.
  const roundings = 2 * (terms + 4);
  for (const [index, wanted] of theirs.entries()) {
    const got = ours[index] ?? Number.NaN;
    const most = roundings * (HALF_A_UNIT * (magnitudes[index] ?? Number.NaN) + SMALLEST);
    const isClose = Number.isFinite(most) ? Math.abs(got - wanted) <= most : Object.is(got, wanted);
    assert.ok(isClose, `number ${index} is ${got} in place of ${wanted}, at most ${most} away`);
  }
}
