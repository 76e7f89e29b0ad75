/**
 * The computations of collections, each on its own: training, and the head's part of an answer. Vectors are generated.
 */
import { answerOf, type Head, headBytes } from '../../../src/collections/head.ts';
import { encodeHead } from '../../../src/collections/head-bytes.ts';
import { type Examples, trainHead } from '../../../src/collections/head-training.ts';
import { kernel } from '../../../src/collections/kernel.ts';
import { DIMENSIONS, unitVector, vectorAt } from '../../../src/collections/vectors.ts';

/** The request, as JSON. */
export interface CollectionQuestion {
  readonly classes: number;
  readonly each: number;
}

/** What a part answers, in addition to its time. */
export interface CollectionFacts {
  readonly kernelBytes: number;
  readonly headBytes: number;
  readonly encodedBytes: number;
}

/** Examples of a class are as similar as photos of one thing: cosines of 0.3 to 0.5. */
const NOISE = 1.2;

let made: { readonly question: CollectionQuestion; readonly examples: Examples; head?: Head } | undefined;

export const COLLECTION_PARTS: Readonly<
  Record<string, (question: CollectionQuestion, times: number) => Partial<CollectionFacts> | undefined>
> = {
  /** Generates the examples, which is not measured. */
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
};

export function kernelBytes(): number {
  return kernel().memory.buffer.byteLength;
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

/** The third power makes few numbers large, as in an embedding. */
function peaked(next: () => number): number {
  return (next() / 2 ** 31) ** 3 * 10;
}

/** Marsaglia's xorshift, signed 32 bits. */
function integers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  };
}
