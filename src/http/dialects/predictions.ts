/** Labels with scores, as the dialects list them. */
import * as z from 'zod';
import { labelAt } from '../../inference/labels.ts';
import { topK } from '../../inference/softmax.ts';
import { topKSchema } from '../../options.ts';

export const labelScoreSchema = z
  .object({
    label: z.string().describe('Unique among the 1000 classes.'),
    score: z
      .number()
      .describe('A float32, unrounded: what it means depends on the scores it was taken from.'),
  })
  .readonly()
  .meta({ id: 'LabelScore' });

export type LabelScore = z.infer<typeof labelScoreSchema>;

/** The one option of dialects that have none of their own: `?top_k=` is ours, and theirs list five. */
export const topKOptionsSchema = z.object({ top_k: topKSchema });

/**
 * The `k` classes with the highest scores, best first; background is never listed.
 *
 * @param scores 1001 floats, one for each output of the network, in any range.
 */
export function bestLabels(scores: Float32Array, k: number): LabelScore[] {
  return topK(scores, k, Number.NEGATIVE_INFINITY).map(({ index, score }) => ({
    label: labelAt(index).label,
    score,
  }));
}
