/** Trains a head from examples; deterministic in whatever order they come. */
import { allBitsOf } from './bits.ts';
import type { Head } from './head.ts';
import { type Ridge, ridge } from './ridge.ts';
import { temperatureOf } from './temperature.ts';
import { thresholdOf } from './unknown.ts';
import { DIMENSIONS, unitVector, vectorAt } from './vectors.ts';

export interface Examples {
  /** All different. */
  readonly ids: readonly string[];
  /** The label of each. */
  readonly labels: readonly string[];
  /** `storedVector` of each, concatenated. */
  readonly vectors: Int8Array;
}

/**
 * Trains a head. It takes at most some 10 MiB of the kernel's memory, and scores of 4 bytes per example and class.
 *
 * @param examples at least one. With a single label every picture gets it, and only `unknown` is informative.
 */
export function trainHead(examples: Examples): Head {
  const sorted = inOrder(examples);
  const { labels, classes, vectors } = sorted;
  const counts = labels.map(() => 0);
  for (const label of classes) counts[label] = (counts[label] ?? 0) + 1;
  const { weights, bias, leftOut } =
    labels.length > 1 ? ridge({ vectors, classes, counts }) : alwaysTheOne(classes.length);
  const sums = sumsOf(vectors, classes, labels.length);
  return {
    ...sorted,
    bits: allBitsOf(vectors),
    weights,
    bias,
    temperature: temperatureOf(leftOut, classes, counts),
    means: meansOf(sums),
    threshold: thresholdOf(vectors, classes, counts, sums),
    leftOut: bestOf(leftOut, labels.length),
  };
}

/** By code units, which is the same everywhere; a locale's order is not. */
function inOrder({ ids, labels, vectors }: Examples) {
  const order = [...ids.keys()].sort((one, other) => compared(ids[one] ?? '', ids[other] ?? ''));
  const names = [...new Set(labels)].sort(compared);
  const classOf = new Map(names.map((name, label) => [name, label]));
  const sorted = new Int8Array(vectors.length);
  for (const [to, from] of order.entries()) sorted.set(vectorAt(vectors, from), to * DIMENSIONS);
  return {
    labels: names,
    ids: order.map((from) => ids[from] ?? ''),
    classes: Uint16Array.from(order, (from) => classOf.get(labels[from] ?? '') ?? 0),
    vectors: sorted,
  };
}

function compared(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function alwaysTheOne(total: number): Ridge {
  return {
    weights: new Float32Array(DIMENSIONS),
    bias: Float32Array.of(1),
    leftOut: new Float32Array(total).fill(1),
  };
}

/** Sum of the unit vectors of each class. */
function sumsOf(vectors: Int8Array, classes: Uint16Array, count: number): Float64Array {
  const sums = new Float64Array(count * DIMENSIONS);
  const unit = new Float32Array(DIMENSIONS);
  for (const [i, label] of classes.entries()) {
    unitVector(vectorAt(vectors, i), unit);
    const row = label * DIMENSIONS;
    for (let d = 0; d < DIMENSIONS; d++) sums[row + d] = (sums[row + d] as number) + (unit[d] as number);
  }
  return sums;
}

function meansOf(sums: Float64Array): Float32Array {
  const means = new Float32Array(sums.length);
  for (let row = 0; row < sums.length; row += DIMENSIONS) {
    unitVector(sums.subarray(row, row + DIMENSIONS), means.subarray(row, row + DIMENSIONS));
  }
  return means;
}

/** The class with the highest score in each row. */
function bestOf(scores: Float32Array, classes: number): Uint16Array {
  const best = new Uint16Array(scores.length / classes);
  for (let i = 0; i < best.length; i++) {
    const row = scores.subarray(i * classes, (i + 1) * classes);
    best[i] = row.reduce((first, score, label) => (score > (row[first] as number) ? label : first), 0);
  }
  return best;
}
