/** The native answers, made of the network's outputs. HTTP and RPC give the same. */
import * as z from 'zod';
import card from '../model/card.json';
import type { Seen } from './classifier.ts';
import { imageFactsSchema } from './image/facts.ts';
import { labelAt, labelSchema } from './inference/labels.ts';
import { type Score, softmax, topK } from './inference/softmax.ts';
import type { ClassifyOptions, EmbedOptions } from './options.ts';

/** Numbers in a feature vector. */
export const EMBEDDING_LENGTH = 1024;

const predictionSchema = labelSchema
  .unwrap()
  .extend({ score: z.number().min(0).max(1).describe('Probability, rounded to six decimals.') })
  .readonly()
  .meta({ id: 'Prediction', examples: [{ ...labelAt(281), score: 0.613241 }] });

const modelFactsSchema = z
  .object({
    name: z.string(),
    version: z.string().describe('Changes whenever scores can change.'),
  })
  .readonly()
  .meta({ id: 'Model', examples: [{ name: card.name, version: card.version }] });

export const classificationSchema = z
  .object({
    predictions: z.array(predictionSchema).readonly().describe('Best first.'),
    image: imageFactsSchema,
    model: modelFactsSchema,
  })
  .readonly()
  .meta({ id: 'Classification' });

export const embeddingSchema = z
  .object({
    embedding: z
      .union([z.array(z.number()).length(EMBEDDING_LENGTH).readonly(), z.string()])
      .describe('1024 numbers, or the base64 of them as little-endian float32.'),
    image: imageFactsSchema,
    model: modelFactsSchema,
  })
  .readonly()
  .meta({ id: 'Embedding' });

export type Prediction = z.infer<typeof predictionSchema>;
export type ModelFacts = z.infer<typeof modelFactsSchema>;
export type Classification = z.infer<typeof classificationSchema>;
export type Embedding = z.infer<typeof embeddingSchema>;

export const MODEL: ModelFacts = { name: card.name, version: card.version };

export function classification(seen: Seen, options: ClassifyOptions): Classification {
  const best = topK(softmax(seen.logits), options.top_k, options.min_score, options.labels);
  return { predictions: best.map(prediction), image: seen.image, model: MODEL };
}

function prediction({ index, score }: Score): Prediction {
  const { label, synset, names } = labelAt(index);
  return { label, score: Number(score.toFixed(6)), index, synset, names };
}

export function embeddingAnswer(seen: Seen, options: EmbedOptions): Embedding {
  const vector = options.normalize ? normalized(seen.embedding) : seen.embedding;
  const embedding =
    options.encoding_format === 'base64'
      ? new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength).toBase64()
      : Array.from(vector);
  return { embedding, image: seen.image, model: MODEL };
}

/** The vector divided by its L2 norm; the zero vector stays as it is. */
function normalized(vector: Float32Array): Float32Array {
  const norm = Math.hypot(...vector);
  return norm === 0 ? vector : vector.map((value) => value / norm);
}
