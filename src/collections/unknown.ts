/**
 * When a picture is unknown, that is, of none of the classes.
 *
 * The score is the cosine to the nearest class mean, because the softmax is confident of pictures that are unrelated to
 * any class: on seven sets of photos, unrelated pictures are separated from the classes' own with an AUROC of 99.9 % by
 * the cosine, and 88 to 94 by the softmax of a logistic regression. Half of the pictures of similar things pass.
 */
import { DIMENSIONS, product, unitVector, vectorAt } from './vectors.ts';

/** Share of the examples that the threshold would call unknown. */
const REFUSED = 0.05;

/**
 * Used if no class has two examples. Of pairs of unrelated photos 98 % are below it; of pairs of one class, from half
 * (kinds of rubbish) to all (hands) are above (`npm run eval -- own` prints both).
 */
const UNTAUGHT_THRESHOLD = 0.15;

/**
 * The threshold is never higher: if examples are nearly identical, as the frames of one burst are, a recompressed copy
 * of one would be unknown. No two of 300 unrelated photos reach 0.5.
 */
const HIGHEST_THRESHOLD = 0.7;

/**
 * The cosine that 5 % of the examples do not reach: each to the mean of the others of its class, as for a new picture.
 *
 * @param sums sum of the unit vectors of each class.
 */
export function thresholdOf(
  vectors: Int8Array,
  classes: Uint16Array,
  counts: readonly number[],
  sums: Float64Array,
): number {
  const cosines: number[] = [];
  const unit = new Float32Array(DIMENSIONS);
  const others = new Float32Array(DIMENSIONS);
  for (const [i, label] of classes.entries()) {
    if ((counts[label] ?? 0) < 2) continue;
    unitVector(vectorAt(vectors, i), unit);
    const row = label * DIMENSIONS;
    for (let d = 0; d < DIMENSIONS; d++) others[d] = (sums[row + d] as number) - (unit[d] as number);
    cosines.push(product(unit, unitVector(others, others)));
  }
  if (cosines.length === 0) return UNTAUGHT_THRESHOLD;
  cosines.sort((one, other) => one - other);
  return Math.min(quantile(cosines, REFUSED), HIGHEST_THRESHOLD);
}

/** Interpolated between two values. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at % 1);
}
