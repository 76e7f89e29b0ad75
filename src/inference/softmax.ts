/** Softmax over the network's outputs, and the best of them. */

/** Outputs of the network: one for background, then 1000 ILSVRC-2012 classes. */
export const LOGIT_COUNT = 1001;

/** A class and its probability. */
export interface Score {
  /** ILSVRC-2012 index, 0–999. */
  readonly index: number;
  /** Probability, 0–1. */
  readonly score: number;
}

/**
 * Probabilities of all 1001 outputs, background included.
 *
 * @param logits 1001 floats, output 0 is background.
 * @returns 1001 floats in [0, 1] that sum to 1.
 */
export function softmax(logits: Float32Array): Float32Array {
  let max = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > max) max = logit;
  const probabilities = new Float32Array(logits.length);
  let sum = 0;
  for (let output = 0; output < logits.length; output++) {
    probabilities[output] = Math.exp((logits[output] as number) - max);
    sum += probabilities[output] as number;
  }
  for (let output = 0; output < logits.length; output++) {
    probabilities[output] = (probabilities[output] as number) / sum;
  }
  return probabilities;
}

/**
 * The `k` most probable classes of at least `minScore`, best first; equal scores in index order.
 *
 * Background takes its share of the probability but is never listed, so the scores of all classes may sum to less than
 * 1.
 *
 * @param probabilities 1001 floats as `softmax` returns them.
 * @param listed which classes may be listed, by index.
 */
export function topK(
  probabilities: Float32Array,
  k: number,
  minScore: number,
  listed: (index: number) => boolean = () => true,
): Score[] {
  // The best so far stay sorted: sorting all thousand takes ten times as long as finding five.
  const best: Score[] = [];
  for (let output = 1; output < probabilities.length; output++) {
    const score = probabilities[output] as number;
    if (score < minScore || !listed(output - 1)) continue;
    let rank = best.length;
    while (rank > 0 && (best[rank - 1] as Score).score < score) rank--;
    if (rank >= k) continue;
    best.splice(rank, 0, { index: output - 1, score });
    if (best.length > k) best.pop();
  }
  return best;
}
