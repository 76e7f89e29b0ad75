import { describe, expect, it } from 'vitest';
import { allBitsOf, BITS_BYTES, bitsOf } from '../../src/collections/bits.ts';
import { CANDIDATES, candidatesOf, ranked } from '../../src/collections/search.ts';
import { cosine, DIMENSIONS, storedVector, unitVector, vectorAt } from '../../src/collections/vectors.ts';
import { examplesOf, normals } from './examples.ts';

/** Clusters of ten, so that the ten nearest are well defined. */
const { vectors } = examplesOf(
  Array.from({ length: 200 }, () => 10),
  1.5,
);
const ROWS = vectors.length / DIMENSIONS;
const BITS = allBitsOf(vectors);

function exact(question: ArrayLike<number>): number[] {
  const unit = unitVector(question);
  return Array.from({ length: ROWS }, (_, i) => ({ i, similarity: cosine(unit, vectorAt(vectors, i)) }))
    .sort((one, other) => other.similarity - one.similarity)
    .map(({ i }) => i);
}

function found(question: ArrayLike<number>, positions: readonly number[]): number[] {
  const near = Int8Array.from(positions.flatMap((position) => [...vectorAt(vectors, position)]));
  return ranked(question, positions, near).map(({ position }) => position);
}

function count(bits: Uint8Array): number {
  return bits.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
}

describe('bitsOf', () => {
  it('sets a quarter of the bits, those of the largest numbers', () => {
    const vector = storedVector(Float32Array.from({ length: DIMENSIONS }, normals(3)));
    const bits = bitsOf(vector);
    const set = [...vector.keys()].filter((i) => ((bits[i >> 3] ?? 0) >> (i & 7)) & 1);
    expect(set).toHaveLength(256);
    const clear = [...vector].filter((_, i) => !set.includes(i));
    expect(Math.min(...set.map((i) => vector[i] ?? 0))).toBeGreaterThanOrEqual(Math.max(...clear));
  });

  it('sets as many where numbers are alike, of those the first', () => {
    for (const value of [0, 5, -127, 127]) {
      const bits = bitsOf(new Int8Array(DIMENSIONS).fill(value));
      expect(count(bits)).toBe(256);
      expect([...bits.subarray(0, 32)]).toEqual(Array.from({ length: 32 }, () => 255));
    }
  });
});

describe('candidatesOf', () => {
  it('finds those with the fewest differing bits', () => {
    const question = vectorAt(vectors, 777);
    const candidates = candidatesOf(question, 50);
    candidates.offer(BITS, (row) => row);
    const own = bitsOf(question);
    const distances = Array.from({ length: ROWS }, (_, row) => ({
      row,
      distance: count(own.map((byte, i) => byte ^ (BITS[row * BITS_BYTES + i] ?? 0))),
    })).sort((one, other) => one.distance - other.distance || one.row - other.row);
    expect(candidates.positions()).toEqual(distances.slice(0, 50).map(({ row }) => row));
    expect(candidates.positions()[0]).toBe(777);
  });

  it('finds the same whether rows come at once or in parts, under whatever numbers', () => {
    const question = vectorAt(vectors, 5);
    const whole = candidatesOf(question);
    whole.offer(BITS, (row) => 3 * row + 1);
    const parts = candidatesOf(question);
    for (let row = 0; row < ROWS; row += 700) {
      parts.offer(BITS.subarray(row * BITS_BYTES, (row + 700) * BITS_BYTES), (part) => 3 * (row + part) + 1);
    }
    expect(whole.positions()).toHaveLength(CANDIDATES);
    expect(parts.positions()).toEqual(whole.positions());
    expect(whole.positions()[0]).toBe(16);
  });

  it('lists only what is wanted, and all of it where that is little', () => {
    const candidates = candidatesOf(vectorAt(vectors, 5));
    candidates.offer(
      BITS,
      (row) => row,
      (position) => position % 400 === 3,
    );
    expect(candidates.positions().toSorted((one, other) => one - other)).toEqual([3, 403, 803, 1203, 1603]);
  });

  it('finds nothing among nothing', () => {
    const candidates = candidatesOf(vectorAt(vectors, 5));
    candidates.offer(new Uint8Array(), (row) => row);
    expect(candidates.positions()).toEqual([]);
    expect(ranked(vectorAt(vectors, 5), [], new Int8Array())).toEqual([]);
  });
});

describe('ranked', () => {
  it('has the cosines of the stored vectors, and 0 for zeros', () => {
    const question = Float32Array.from({ length: DIMENSIONS }, normals(8));
    const near = new Int8Array(4 * DIMENSIONS);
    for (const i of [0, 1, 2]) near.set(vectorAt(vectors, 10 * i), i * DIMENSIONS);
    const unit = unitVector(question);
    const matches = ranked(question, [7, 5, 9, 2], near);
    for (const { position, similarity } of matches) {
      const i = [7, 5, 9, 2].indexOf(position);
      expect(similarity).toBeCloseTo(cosine(unit, vectorAt(near, i)), 6);
    }
    expect(matches.find(({ position }) => position === 2)?.similarity).toBe(0);
    expect(matches).toEqual(matches.toSorted((one, other) => other.similarity - one.similarity));
  });
});

describe('both steps', () => {
  it('find 98 % and more of the ten nearest', () => {
    const normal = normals(11);
    let hits = 0;
    const questions = Array.from({ length: 30 }, (_, i) => i * 66);
    for (const asked of questions) {
      const question = Float32Array.from(vectorAt(vectors, asked), (value) => value + 20 * normal());
      const candidates = candidatesOf(question);
      candidates.offer(BITS, (row) => row);
      const ten = new Set(exact(question).slice(0, 10));
      hits += found(question, candidates.positions())
        .slice(0, 10)
        .filter((position) => ten.has(position)).length;
    }
    expect(hits / (10 * questions.length)).toBeGreaterThanOrEqual(0.98);
  });
});

describe('storedVector', () => {
  it('keeps the direction', () => {
    const vector = Float32Array.from({ length: DIMENSIONS }, normals(21));
    expect(cosine(unitVector(vector), storedVector(vector))).toBeGreaterThan(0.9999);
    expect(storedVector(vector.map((value) => value * 1e-6))).toEqual(storedVector(vector));
  });

  it('keeps zeros, whose cosine to everything is 0', () => {
    const zeros = storedVector(new Float32Array(DIMENSIONS));
    expect([...zeros].every((value) => value === 0)).toBe(true);
    expect(cosine(unitVector(vectorAt(vectors, 0)), zeros)).toBe(0);
  });
});
