/**
 * A collection that lives in a page: the same head as the service trains, for callers who may not teach the service. The page
 * gets embeddings by `/v1/embed`, and nothing is stored.
 */
import { answerOf, type HeadAnswer } from '../collections/head.ts';
import { type HeadReport, reportOf } from '../collections/head-report.ts';
import { trainHead } from '../collections/head-training.ts';
import { DIMENSIONS, storedVector } from '../collections/vectors.ts';

export interface Example {
  readonly id: string;
  readonly label: string;
  /** 1024 numbers of any scale. */
  readonly embedding: Float32Array;
}

/** What `/v1/classify?collection=` answers, as far as a page needs it. */
export interface TaughtAnswer extends Pick<HeadAnswer, 'unknown' | 'similarity' | 'nearest'> {
  /** Best first. */
  readonly predictions: readonly { readonly label: string; readonly score: number }[];
}

export interface Taught extends HeadReport {
  /** @param embedding 1024 numbers of any scale. */
  answer(embedding: Float32Array): TaughtAnswer;
}

/** Trains anew. With more than some hundred examples the page stands still for so long that it is seen. */
export function taughtBy(examples: readonly Example[]): Taught | undefined {
  if (examples.length === 0) return undefined;
  const vectors = new Int8Array(examples.length * DIMENSIONS);
  for (const [i, { embedding }] of examples.entries()) vectors.set(storedVector(embedding), i * DIMENSIONS);
  const head = trainHead({
    ids: examples.map(({ id }) => id),
    labels: examples.map(({ label }) => label),
    vectors,
  });
  return {
    ...reportOf(head),
    answer(embedding) {
      const { probabilities, ...rest } = answerOf(head, embedding);
      const predictions = head.labels
        .map((label, index) => ({ label, score: probabilities[index] ?? 0 }))
        .sort((one, other) => other.score - one.score);
      return { ...rest, predictions };
    },
  };
}
