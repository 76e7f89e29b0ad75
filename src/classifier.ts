/**
 * From the bytes of a picture to predictions: what every door of the Worker calls.
 */
import card from '../model/card.json';
import { ok, type Result } from './failure.ts';
import type { PhotonDecoder } from './image/photon.ts';
import { type ImageFacts, prepare } from './image/prepare.ts';
import { type Label, labelAt } from './inference/labels.ts';
import type { Network } from './inference/network.ts';
import { softmax, topK } from './inference/softmax.ts';
import type { ClassifyOptions } from './options.ts';

export interface Prediction extends Label {
  /** Probability, 0–1, rounded to six decimals. */
  readonly score: number;
}

export interface Classification {
  readonly predictions: readonly Prediction[];
  readonly image: ImageFacts;
  readonly model: { readonly name: string; readonly version: string };
}

export interface Classifier {
  /** @throws only for our own faults; whatever the bytes hold, the answer is a value. */
  classify(bytes: Uint8Array, options: ClassifyOptions): Promise<Result<Classification>>;
  /** Makes the session unless it is there. */
  warm(): Promise<void>;
}

const MODEL = { name: card.name, version: card.version } as const;

export function createClassifier(decoder: PhotonDecoder, network: Network): Classifier {
  return {
    warm: network.warm,
    async classify(bytes, options) {
      const prepared = prepare(bytes, decoder);
      if (!prepared.ok) return prepared;
      const { logits } = await network.run(prepared.value.input);
      const predictions = topK(softmax(logits), options.top_k, options.min_score).map(prediction);
      return ok({ predictions, image: prepared.value.facts, model: MODEL });
    },
  };
}

function prediction({ index, score }: { index: number; score: number }): Prediction {
  const { label, synset, names } = labelAt(index);
  return { label, score: Number(score.toFixed(6)), index, synset, names };
}
