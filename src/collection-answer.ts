/** Answers about collections. HTTP and RPC give the same. */
import * as z from 'zod';
import { MODEL, type ModelFacts, modelFactsSchema, rounded } from './answer.ts';
import type { Seen } from './classifier.ts';
import type { CollectionOptions } from './collection-options.ts';
import { answerOf } from './collections/head.ts';
import type { Served } from './collections/serving.ts';
import { fail, ok, type Result } from './failure.ts';
import { type ImageFacts, imageFactsSchema } from './image/facts.ts';

/** How many of the most similar examples are listed. */
const NEAREST = 5;

const similarity = z.number().min(-1).max(1).describe('Cosine of two embeddings: 1 is the same direction.');

export const collectionVersionSchema = z.lazy(() =>
  z
    .object({
      name: z.string(),
      version: z.int().min(1).describe('Goes up with every change.'),
      active_version: z
        .int()
        .exactOptional()
        .describe('The version whose head answers; present only if one was activated.'),
    })
    .readonly()
    .meta({ id: 'CollectionVersion' }),
);

export const collectionClassificationSchema = z.lazy(() =>
  z
    .object({
      predictions: z
        .array(z.object({ label: z.string(), score: z.number().min(0).max(1) }).readonly())
        .readonly()
        .describe('Best first.'),
      unknown: z
        .boolean()
        .describe(
          'Whether the picture resembles every label less than the examples resemble their own. True for nearly all unrelated pictures, but for few similar ones.',
        ),
      similarity: similarity.describe('Cosine to the mean of the nearest label.'),
      nearest: z
        .array(z.object({ id: z.string(), label: z.string(), similarity }).readonly())
        .readonly()
        .exactOptional()
        .describe('The most similar examples, best first; only for the owner.'),
      collection: collectionVersionSchema,
      stale: z
        .literal(true)
        .exactOptional()
        .describe('A newer version is being trained; the one before has answered.'),
      image: imageFactsSchema,
      model: modelFactsSchema,
    })
    .readonly()
    .meta({ id: 'CollectionClassification' }),
);

export type CollectionClassification = z.infer<typeof collectionClassificationSchema>;

/** A collection to answer with, and the request's options. */
export interface CollectionQuestion {
  readonly served: Served;
  readonly caller: string;
  /** The name as the caller gave it. */
  readonly name: string;
  readonly options: Pick<CollectionOptions, 'top_k' | 'min_score'>;
  /** By the index of the label. */
  readonly listed: readonly boolean[];
}

export function collectionClassification(
  { embedding, image }: Seen,
  { served, caller, name, options, listed }: CollectionQuestion,
): CollectionClassification {
  const { head, facts, version, stale, active } = served;
  const { probabilities, unknown, similarity, nearest } = answerOf(head, embedding, NEAREST);
  const predictions = head.labels
    .map((label, index) => ({ label, score: rounded(probabilities[index] ?? 0), listed: listed[index] }))
    .filter((prediction) => prediction.listed && prediction.score >= options.min_score)
    .sort((one, other) => other.score - one.score)
    .slice(0, options.top_k);
  return {
    predictions: predictions.map(({ label, score }) => ({ label, score })),
    unknown,
    similarity: cosine(similarity),
    ...(caller === facts.owner
      ? { nearest: nearest.map((one) => ({ ...one, similarity: cosine(one.similarity) })) }
      : {}),
    collection: { name, version, ...(active === undefined ? {} : { active_version: active }) },
    ...(stale ? { stale } : {}),
    image: image satisfies ImageFacts,
    model: MODEL satisfies ModelFacts,
  };
}

/** The requested labels of a head, or the first that it does not have. */
export function listedLabels(
  labels: readonly string[],
  { include, exclude }: CollectionOptions['labels'],
): Result<readonly boolean[]> {
  const known = new Set(labels);
  const unknown = [...(include ?? []), ...(exclude ?? [])].find((name) => !known.has(name));
  if (unknown !== undefined) {
    const reason = `labels of the collection, and ${JSON.stringify(unknown.slice(0, 60))} is none`;
    return fail({ code: 'option_invalid', option: 'labels', reason });
  }
  return ok(
    labels.map((label) => (include?.includes(label) ?? true) && !(exclude?.includes(label) ?? false)),
  );
}

function cosine(value: number): number {
  return Number(Math.max(-1, Math.min(1, value)).toFixed(6));
}
