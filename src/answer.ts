/** The native answers, made of the network's outputs. HTTP and RPC give the same. */
import card from '../model/card.json';
import type { Seen } from './classifier.ts';
import type { ImageFacts } from './image/prepare.ts';
import { type Label, labelAt } from './inference/labels.ts';
import { type Score, softmax, topK } from './inference/softmax.ts';
import type { ClassifyOptions, EmbedOptions } from './options.ts';

export interface Prediction extends Label {
  /** Probability, 0–1, rounded to six decimals. */
  readonly score: number;
}

export interface ModelFacts {
  readonly name: string;
  readonly version: string;
}

export interface Classification {
  readonly predictions: readonly Prediction[];
  readonly image: ImageFacts;
  readonly model: ModelFacts;
}

export interface Embedding {
  /** 1024 numbers, or the base64 of them as little-endian float32. */
  readonly embedding: readonly number[] | string;
  readonly image: ImageFacts;
  readonly model: ModelFacts;
}

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
