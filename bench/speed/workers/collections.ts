/** What collections compute, each by itself: training, the head's part of an answer, and search. Vectors are made. */
import { allBitsOf, BITS_BYTES } from '../../../src/collections/bits.ts';
import { answerOf, type Head, headBytes } from '../../../src/collections/head.ts';
import { encodeHead } from '../../../src/collections/head-bytes.ts';
import { type Examples, trainHead } from '../../../src/collections/head-training.ts';
import { kernel } from '../../../src/collections/kernel.ts';
import { candidatesOf, ranked } from '../../../src/collections/search.ts';
import { cosine, DIMENSIONS, unitVector, vectorAt } from '../../../src/collections/vectors.ts';

/** What is asked for, as JSON. */
export interface CollectionQuestion {
  readonly classes: number;
  readonly each: number;
}

/** What a part has answered beside its time. */
export interface CollectionFacts {
  readonly kernelBytes: number;
  readonly headBytes: number;
  readonly encodedBytes: number;
  /** Of the ten nearest by exact search, those that search has found: 0–1. */
  readonly recall?: number;
}

/** Examples of a class are as near each other as photos of one thing are: cosines of 0.3 to 0.5. */
const NOISE = 1.2;
/** Rows whose vectors are kept, so that a million bits need no gigabyte: enough for candidates to be ranked. */
const RANKED = 128;
const RECALL_QUESTIONS = 40;

let made: { readonly question: CollectionQuestion; readonly examples: Examples; head?: Head } | undefined;
let bits = new Uint8Array();

export const COLLECTION_PARTS: Readonly<
  Record<string, (question: CollectionQuestion, times: number) => Partial<CollectionFacts> | undefined>
> = {
  /** Makes the examples, which is not measured. */
  examples(question) {
    made = { question, examples: examplesOf(question) };
    return undefined;
  },
  train(_, times) {
    if (made === undefined) throw new Error('no examples');
    for (let i = 0; i < times; i++) made.head = trainHead(made.examples);
    return made.head && { headBytes: headBytes(made.head), encodedBytes: encodeHead(made.head).length };
  },
  head(_, times) {
    if (made?.head === undefined) throw new Error('no head');
    const question = unitVector(vectorAt(made.examples.vectors, 7));
    for (let i = 0; i < times; i++) answerOf(made.head, question);
    return undefined;
  },
  /** Makes so many rows of bits: whatever they are, comparing them takes as long. */
  rows({ classes, each }) {
    bits = new Uint8Array(classes * each * BITS_BYTES);
    const next = integers(99);
    const words = new Int32Array(bits.buffer);
    for (let i = 0; i < words.length; i++) words[i] = next();
    return undefined;
  },
  search(_, times) {
    if (made === undefined) throw new Error('no examples');
    const { vectors } = made.examples;
    for (let i = 0; i < times; i++) {
      const question = unitVector(vectorAt(vectors, i % RANKED));
      const candidates = candidatesOf(question);
      candidates.offer(bits, (row) => row);
      ranked(question, candidates.positions(), vectors.subarray(0, RANKED * DIMENSIONS));
    }
    return undefined;
  },
  /** Of the examples, against looking at all of their vectors. */
  recall() {
    if (made === undefined) throw new Error('no examples');
    const { vectors } = made.examples;
    const count = made.examples.ids.length;
    const rows = allBitsOf(vectors);
    let found = 0;
    for (let i = 0; i < RECALL_QUESTIONS; i++) {
      const asked = Math.floor((i * count) / RECALL_QUESTIONS);
      const question = unitVector(vectorAt(vectors, asked));
      const candidates = candidatesOf(question);
      candidates.offer(rows, (row) => row);
      const positions = candidates.positions();
      const near = new Int8Array(positions.length * DIMENSIONS);
      for (const [to, position] of positions.entries())
        near.set(vectorAt(vectors, position), to * DIMENSIONS);
      const ten = new Set(exactTen(question, vectors, count));
      const best = ranked(question, positions, near).slice(0, 10);
      found += best.filter(({ position }) => ten.has(position)).length;
    }
    return { recall: found / (10 * RECALL_QUESTIONS) };
  },
};

export function kernelBytes(): number {
  return kernel().memory.buffer.byteLength;
}

function exactTen(question: Float32Array, vectors: Int8Array, count: number): number[] {
  return Array.from({ length: count }, (_, i) => ({ i, near: cosine(question, vectorAt(vectors, i)) }))
    .sort((one, other) => other.near - one.near)
    .slice(0, 10)
    .map(({ i }) => i);
}

function examplesOf({ classes, each }: CollectionQuestion): Examples {
  const next = integers(5);
  const vectors = new Int8Array(classes * each * DIMENSIONS);
  const centre = new Float32Array(DIMENSIONS);
  for (let row = 0; row < classes * each; row++) {
    if (row % each === 0) for (let d = 0; d < DIMENSIONS; d++) centre[d] = peaked(next);
    for (let d = 0; d < DIMENSIONS; d++) {
      const value = 4 * ((centre[d] as number) + NOISE * peaked(next));
      vectors[row * DIMENSIONS + d] = Math.max(-127, Math.min(127, Math.round(value)));
    }
  }
  const labels = Array.from({ length: classes * each }, (_, row) => `class ${Math.floor(row / each)}`);
  return { ids: labels.map((label, row) => `${label}, ${row}`), labels, vectors };
}

/** Few numbers are large, as in an embedding: a third power. */
function peaked(next: () => number): number {
  return (next() / 2 ** 31) ** 3 * 10;
}

/** Marsaglia's xorshift, 32 bits with a sign. */
function integers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  };
}
