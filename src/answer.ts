/**
 * The native answers, made from the network's outputs. HTTP and RPC give the same.
 *
 * Schemas of answers are lazy, here and elsewhere: types and the OpenAPI document are derived from them, but no answer
 * is validated by them. Creating all of them when modules load took some 8 ms of CPU at every start.
 */
import * as z from 'zod';
import card from '../model/card.json';
import type { Seen } from './classifier.ts';
import { imageFactsSchema } from './image/facts.ts';
import { EMBEDDING_SPACE } from './inference/embedding-space.ts';
import type { Listed } from './inference/label-filter.ts';
import { labelAt, labelSchema } from './inference/labels.ts';
import { type Score, softmax, topK } from './inference/softmax.ts';
import { type Step, tagOf, tagPath } from './inference/tags.ts';
import { TAXONOMY_VERSION } from './inference/taxonomy.ts';
import type { ClassifyOptions, EmbedOptions } from './options.ts';

/** Numbers in a feature vector. */
export const EMBEDDING_LENGTH = 1024;

const predictionSchema = z.lazy(() =>
  labelSchema
    .unwrap()
    .unwrap()
    .extend({ score: z.number().min(0).max(1).describe('Probability, rounded to six decimals.') })
    .readonly()
    .meta({ id: 'Prediction', examples: [{ ...labelAt(281), score: 0.613241 }] }),
);

const score = z.number().min(0).max(1);

const tagSchema = z.lazy(() =>
  z
    .object({
      name: z.string(),
      score: score.describe('Probability of the class, or of all classes of the group together.'),
      level: z.int().min(1).max(4).describe('1 is the most general.'),
      group: z.string().exactOptional().describe('Id of the group, if the tag is one.'),
      index: z
        .int()
        .min(0)
        .max(999)
        .exactOptional()
        .describe('ILSVRC-2012 index of the class, if the tag is one.'),
    })
    .readonly()
    .meta({
      id: 'Tag',
      examples: [
        { name: 'dog', score: 0.982134, level: 2, group: 'dog' },
        { name: 'Irish setter', score: 0.931202, level: 4, index: 213 },
      ],
    }),
);

export const modelFactsSchema = z.lazy(() =>
  z
    .object({
      name: z.string(),
      version: z.string().describe('Changes whenever scores can change.'),
    })
    .readonly()
    .meta({ id: 'Model', examples: [{ name: card.name, version: card.version }] }),
);

export const classificationSchema = z.lazy(() =>
  z
    .object({
      predictions: z.array(predictionSchema).readonly().describe('Best first.'),
      tags: z
        .array(tagSchema)
        .readonly()
        .describe(
          'From general to specific, each with a score of at least `tag_min_score`; empty if nothing scores as much.',
        ),
      tag: z.string().nullable().describe('The last of the tags; null if there is none, or only `object`.'),
      taxonomy: z.string().describe('Version of the groups: changes when a class moves to another.'),
      labels_score: score
        .exactOptional()
        .describe('Probability of all classes that `labels` lists, together; present only with that option.'),
      image: imageFactsSchema,
      model: modelFactsSchema,
    })
    .readonly()
    .meta({ id: 'Classification' }),
);

export const embeddingSpaceSchema = z
  .string()
  .describe('Embeddings of the same space can be compared, even if `model.version` differs.')
  .meta({ example: EMBEDDING_SPACE });

export const embeddingSchema = z.lazy(() =>
  z
    .object({
      embedding: z
        .union([z.array(z.number()).length(EMBEDDING_LENGTH).readonly(), z.string()])
        .describe('1024 numbers, or the base64 of them as little-endian float32.'),
      embedding_space: embeddingSpaceSchema,
      image: imageFactsSchema,
      model: modelFactsSchema,
    })
    .readonly()
    .meta({ id: 'Embedding' }),
);

export type Prediction = z.infer<typeof predictionSchema>;
export type Tag = z.infer<typeof tagSchema>;
export type ModelFacts = z.infer<typeof modelFactsSchema>;
export type Classification = z.infer<typeof classificationSchema>;
export type Embedding = z.infer<typeof embeddingSchema>;

export const MODEL: ModelFacts = { name: card.name, version: card.version };

export function classification(seen: Seen, options: ClassifyOptions): Classification {
  const probabilities = softmax(seen.logits);
  const { top_k, min_score, tag_min_score, labels } = options;
  const path = tagPath(probabilities, tag_min_score, labels);
  return {
    predictions: topK(probabilities, top_k, min_score, labels).map(prediction),
    tags: path.map(tag),
    tag: tagOf(path),
    taxonomy: TAXONOMY_VERSION,
    ...(labels && { labels_score: rounded(sumOf(probabilities, labels)) }),
    image: seen.image,
    model: MODEL,
  };
}

function prediction({ index, score }: Score): Prediction {
  const { label, synset, names, group } = labelAt(index);
  return { label, score: rounded(score), index, synset, names, group };
}

function tag(step: Step): Tag {
  return { ...step, score: rounded(step.score) };
}

/** A sum of rounded numbers may slightly exceed 1. */
export function rounded(probability: number): number {
  return Number(Math.min(1, probability).toFixed(6));
}

function sumOf(probabilities: Float32Array, listed: Listed): number {
  let sum = 0;
  for (let output = 1; output < probabilities.length; output++) {
    if (listed(output - 1)) sum += probabilities[output] as number;
  }
  return sum;
}

export function embeddingAnswer(seen: Seen, options: EmbedOptions): Embedding {
  const vector = options.normalize ? normalized(seen.embedding) : seen.embedding;
  const embedding =
    options.encoding_format === 'base64'
      ? new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength).toBase64()
      : Array.from(vector);
  return { embedding, embedding_space: EMBEDDING_SPACE, image: seen.image, model: MODEL };
}

/** The vector divided by its L2 norm; the zero vector is returned unchanged. */
function normalized(vector: Float32Array): Float32Array {
  const norm = Math.hypot(...vector);
  return norm === 0 ? vector : vector.map((value) => value / norm);
}
