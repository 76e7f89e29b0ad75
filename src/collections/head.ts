/**
 * The trained head of a collection, and its answers.
 *
 * A head has everything that an answer needs, so that it can be stored and used away from the collection: weights,
 * class means, threshold, and the examples themselves for the nearest of them.
 */
import { kernel, layOut } from './kernel.ts';
import { candidatesOf, ranked } from './search.ts';
import { roundedUp } from './triangle.ts';
import { DIMENSIONS, unitVector, vectorAt } from './vectors.ts';

const ROW_BYTES = DIMENSIONS * Float32Array.BYTES_PER_ELEMENT;

export interface Head {
  /** Names of the classes, in the order of their code units. */
  readonly labels: readonly string[];
  /** Ids of the examples, in the order of their code units; empty in a head that is kept without its examples. */
  readonly ids: readonly string[];
  /** Class of each example. */
  readonly classes: Uint16Array;
  /** Stored vectors of the examples, concatenated. */
  readonly vectors: Int8Array;
  /** Their bits. */
  readonly bits: Uint8Array;
  /** One row of 1024 for each class. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  /** Divisor of the scores before the softmax: 0.02 to 0.4. */
  readonly temperature: number;
  /** Mean of the examples of each class, of length 1. */
  readonly means: Float32Array;
  /** A picture is unknown if its cosine to every class mean is below this. */
  readonly threshold: number;
  /** The class that each example gets from a head trained without it. */
  readonly leftOut: Uint16Array;
}

export interface Neighbour {
  readonly id: string;
  readonly label: string;
  /** Cosine to the picture: −1 to 1. */
  readonly similarity: number;
}

export interface HeadAnswer {
  /** The arguments of the softmax, in the order of the labels. */
  readonly logits: Float32Array;
  /** Probability of each class, in the order of the labels. They add up to 1 even if the picture is unknown. */
  readonly probabilities: Float32Array;
  /** Cosine to the nearest class mean: −1 to 1. */
  readonly similarity: number;
  /** Whether that is below the threshold. */
  readonly unknown: boolean;
  /** The nearest examples, the nearest first. */
  readonly nearest: readonly Neighbour[];
}

/** Examples that are compared exactly: a few times as many as are listed. */
const NEIGHBOUR_CANDIDATES = 32;

/**
 * @param embedding 1024 numbers of any scale.
 * @param nearest how many examples to list: up to 32; 0 costs nothing.
 */
export function answerOf(head: Head, embedding: ArrayLike<number>, nearest = 5): HeadAnswer {
  const unit = unitVector(embedding);
  const { labels, weights, bias, means, temperature } = head;
  const [scores, cosines] = productsWith(unit, weights, means, labels.length);
  for (const [label, score] of scores.entries()) scores[label] = (score + (bias[label] ?? 0)) / temperature;
  const similarity = cosines.reduce((most, one) => Math.max(most, one), -1);
  return {
    logits: scores,
    probabilities: softmaxInPlace(scores.slice()),
    similarity,
    unknown: similarity < head.threshold,
    nearest: nearest === 0 ? [] : nearestOf(head, unit, nearest),
  };
}

/**
 * Products of the rows of two matrices with a vector.
 *
 * The kernel computes them, although the rows must be copied to its memory: with 100 classes that takes a third of the
 * time in JavaScript.
 */
function productsWith(
  vector: Float32Array,
  one: Float32Array,
  other: Float32Array,
  rows: number,
): [Float32Array, Float32Array] {
  const places = layOut({
    vector: DIMENSIONS,
    rows: roundedUp(rows) * DIMENSIONS,
    products: roundedUp(rows),
  });
  const wasm = kernel();
  places.vector.floats.set(vector);
  const productsOf = (matrix: Float32Array) => {
    places.rows.floats.set(matrix);
    wasm.products(places.vector.at, places.rows.at, ROW_BYTES, rows, DIMENSIONS, places.products.at);
    return places.products.floats.slice(0, rows);
  };
  return [productsOf(one), productsOf(other)];
}

function nearestOf(head: Head, unit: Float32Array, count: number): Neighbour[] {
  if (head.ids.length === 0) return [];
  const candidates = candidatesOf(unit, NEIGHBOUR_CANDIDATES);
  candidates.offer(head.bits, (row) => row);
  const positions = candidates.positions();
  const vectors = new Int8Array(positions.length * DIMENSIONS);
  for (const [i, position] of positions.entries()) {
    vectors.set(vectorAt(head.vectors, position), i * DIMENSIONS);
  }
  return ranked(unit, positions, vectors)
    .slice(0, count)
    .map(({ position, similarity }) => ({
      id: head.ids[position] ?? '',
      label: head.labels[head.classes[position] ?? 0] ?? '',
      similarity,
    }));
}

/** Converts scores to probabilities. */
export function softmaxInPlace(scores: Float32Array): Float32Array {
  const highest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (const [i, score] of scores.entries()) sum += scores[i] = Math.exp(score - highest);
  for (const [i, part] of scores.entries()) scores[i] = part / sum;
  return scores;
}

/** The head without its examples: it answers everything but the nearest ones. */
export function withoutExamples(head: Head): Head {
  const none = { ids: [], classes: new Uint16Array(), vectors: new Int8Array(), bits: new Uint8Array() };
  return { ...head, ...none, leftOut: new Uint16Array() };
}

/** Memory of a head in bytes, for caches of several. */
export function headBytes(head: Head): number {
  const arrays = [head.classes, head.vectors, head.bits, head.weights, head.bias, head.means, head.leftOut];
  // Two bytes per character at most, and some for each string.
  const strings = [...head.labels, ...head.ids];
  return (
    arrays.reduce((sum, { byteLength }) => sum + byteLength, 0) +
    strings.reduce((sum, { length }) => sum + 2 * length + 32, 0)
  );
}
