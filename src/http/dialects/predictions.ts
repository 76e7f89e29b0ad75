/** Labels with scores, in the form of the dialects: the network's own, or those of a collection. */
import * as z from 'zod';
import { answerOf, type Head } from '../../collections/head.ts';
import { labelAt } from '../../inference/labels.ts';
import type { NetworkOutput } from '../../inference/network.ts';
import { softmax, topK } from '../../inference/softmax.ts';
import { topKSchema } from '../../options.ts';

export const labelScoreSchema = z.lazy(() =>
  z
    .object({
      label: z.string().describe('Unique among the 1000 classes, or among the labels of a collection.'),
      score: z.number().describe('An unrounded float32, whose meaning depends on the kind of scores.'),
      unknown: z
        .boolean()
        .exactOptional()
        .describe(
          'Only for a collection, and the same in every element: whether the picture resembles none of its labels.',
        ),
    })
    .readonly()
    .meta({ id: 'LabelScore' }),
);

export type LabelScore = z.infer<typeof labelScoreSchema>;

/** The only option of dialects that define none: `?top_k=` is ours; their own servers list five. */
export const topKOptionsSchema = z.object({ top_k: topKSchema });

/** The classes to choose from. */
export interface Classes {
  judge(output: NetworkOutput): Judgement;
  /** The `k` classes with the highest scores, best first. @param scores in any range, as many as there are logits. */
  best(scores: Float32Array, k: number): LabelScore[];
}

export interface Judgement {
  readonly logits: Float32Array;
  /** Whether the picture is none of the classes; unset for the network, which cannot tell. */
  readonly unknown?: boolean;
}

/** The network's own 1000 classes. Of the 1001 logits, background is never listed. */
export const NETWORK_CLASSES: Classes = {
  judge: ({ logits }) => ({ logits }),
  best: (scores, k) =>
    topK(scores, k, Number.NEGATIVE_INFINITY).map(({ index, score }) => ({
      label: labelAt(index).label,
      score,
    })),
};

/** The labels of a collection. */
export function classesOf(head: Head): Classes {
  return {
    judge: ({ embedding }) => answerOf(head, embedding, 0),
    best: (scores, k) =>
      head.labels
        .map((label, index) => ({ label, score: scores[index] ?? 0 }))
        .sort((one, other) => other.score - one.score)
        .slice(0, k),
  };
}

/** @param scoresOf converts logits to scores. */
export function predictions(
  classes: Classes,
  output: NetworkOutput,
  k: number,
  scoresOf: (logits: Float32Array) => Float32Array = softmax,
): LabelScore[] {
  const { logits, unknown } = classes.judge(output);
  const best = classes.best(scoresOf(logits), k);
  return unknown === undefined ? best : best.map((one) => ({ ...one, unknown }));
}
