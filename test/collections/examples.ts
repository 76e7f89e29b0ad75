/** Examples with overlapping classes, the same in every run. */
import type { Examples } from '../../src/collections/head-training.ts';
import { DIMENSIONS, storedVector } from '../../src/collections/vectors.ts';

/** Uniform in [0, 1): mulberry32, by Tommy Ettinger, public domain. */
export function randoms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Roughly normal: the sum of some uniform numbers, with mean 0 and variance 1. */
export function normals(seed: number): () => number {
  const random = randoms(seed);
  return () => (random() + random() + random() + random() - 2) * Math.sqrt(3);
}

/**
 * @param counts examples of each class: `a` is the first, `b` the second.
 * @param noise spread of the examples around their class: 1 equals the spread of the class centres.
 */
export function examplesOf(counts: readonly number[], noise: number, seed = 1): Examples {
  const normal = normals(seed);
  const vectors: Int8Array[] = [];
  const labels: string[] = [];
  for (const [label, count] of counts.entries()) {
    const centre = Float32Array.from({ length: DIMENSIONS }, normal);
    for (let i = 0; i < count; i++) {
      vectors.push(storedVector(centre.map((value) => value + noise * normal())));
      labels.push(String.fromCharCode(97 + label));
    }
  }
  const joined = new Int8Array(vectors.length * DIMENSIONS);
  for (const [i, vector] of vectors.entries()) joined.set(vector, i * DIMENSIONS);
  return { ids: labels.map((label, i) => `${label}-${String(i).padStart(5, '0')}`), labels, vectors: joined };
}
