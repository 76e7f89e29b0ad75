import { describe, expect, it } from 'vitest';
import { type ClassExamples, ridge } from '../../src/collections/ridge.ts';
import { DIMENSIONS, product, unitVector, vectorAt } from '../../src/collections/vectors.ts';
import { examplesOf } from './examples.ts';
import { problemOf, scoresWithout } from './reference.ts';

/** Tolerance of float32 against float64, for scores of about 1. */
const ROUNDING = 2e-5;

function given(counts: readonly number[], noise: number): ClassExamples {
  const { vectors, labels } = examplesOf(counts, noise);
  return { vectors, counts, classes: Uint16Array.from(labels, (label) => label.charCodeAt(0) - 97) };
}

/** Largest difference to the reference, of the head's scores and of the leave-one-out scores. */
function differences(examples: ClassExamples, mostRows?: number) {
  const { vectors, classes, counts } = examples;
  const problem = problemOf(vectors, [...classes], counts.length);
  const { weights, bias, leftOut } = ridge(examples, mostRows);
  let [own, left] = [0, 0];
  for (const [i, row] of problem.rows.entries()) {
    const unit = unitVector(vectorAt(vectors, i));
    for (const [c, score] of scoresWithout(problem, undefined, row).entries()) {
      own = Math.max(own, Math.abs(score - product(unit, weights, c * DIMENSIONS) - (bias[c] ?? 0)));
    }
    for (const [c, score] of scoresWithout(problem, i, row).entries()) {
      left = Math.max(left, Math.abs(score - (leftOut[i * counts.length + c] ?? 0)));
    }
  }
  return { own, left };
}

describe('ridge', () => {
  // Counts that are not multiples of 4, classes of different sizes, and one with a single example.
  for (const counts of [
    [1, 1],
    [3, 4],
    [1, 2, 3, 7],
    [13, 5, 9, 6, 2],
  ]) {
    const examples = given(counts, 2);
    const text = `is what float64 makes of ${counts.join(' + ')} examples, also when each is left out`;

    it(text, () => {
      const { own, left } = differences(examples);
      expect(own).toBeLessThan(ROUNDING);
      expect(left).toBeLessThan(ROUNDING);
    });

    it(`${text}, as a system of the vectors' numbers`, () => {
      const { own, left } = differences(examples, 0);
      expect(own).toBeLessThan(ROUNDING);
      expect(left).toBeLessThan(ROUNDING);
    });
  }

  it('is the same either way where there are more examples than numbers in a vector', () => {
    const examples = given([370, 331, 330], 3);
    expect(examples.classes.length).toBeGreaterThan(DIMENSIONS);
    const one = ridge(examples);
    const other = ridge(examples, examples.classes.length);
    expect(one).not.toEqual(other);
    for (const part of ['weights', 'bias', 'leftOut'] as const) {
      expect(Math.max(...one[part].map((value, i) => Math.abs(value - (other[part][i] ?? 0))))).toBeLessThan(
        ROUNDING,
      );
    }
  });

  it('gives each class the same weight, however many examples it has', () => {
    const { leftOut } = ridge(given([60, 4], 4));
    const few = [60, 61, 62, 63].map((i) => leftOut[i * 2 + 1] ?? 0);
    expect(Math.min(...few)).toBeGreaterThan(0.2);
  });

  it('takes examples that are all the same picture, in two classes', () => {
    const { vectors } = examplesOf([1], 0);
    const twice = new Int8Array(4 * DIMENSIONS);
    for (let i = 0; i < 4; i++) twice.set(vectors, i * DIMENSIONS);
    const { weights, bias } = ridge({ vectors: twice, classes: Uint16Array.of(0, 0, 1, 1), counts: [2, 2] });
    expect([...weights].every(Number.isFinite)).toBe(true);
    const unit = unitVector(vectors);
    expect(product(unit, weights) + (bias[0] ?? 0)).toBeCloseTo(0.5, 3);
  });

  it('takes vectors of zeros', () => {
    const vectors = new Int8Array(3 * DIMENSIONS);
    const { leftOut } = ridge({ vectors, classes: Uint16Array.of(0, 1, 1), counts: [1, 2] });
    expect([...leftOut].every(Number.isFinite)).toBe(true);
  });
});
