/** A head's report: how often it is right, and what it confuses. */
import type { Head } from './head.ts';

/** With fewer examples per class, leave-one-out is much lower than the head's accuracy. */
export const LEAST_FOR_ACCURACY = 5;

/** Listed pairs, and listed examples per pair. */
const MOST_PAIRS = 10;
const MOST_IDS = 20;

export interface LabelReport {
  readonly label: string;
  /** How many examples it has. */
  readonly count: number;
  /** Share of them that a head trained without each names correctly, 0–1: from five examples on. */
  readonly accuracy?: number;
}

export interface ConfusedPair {
  readonly label: string;
  /** The label that examples were taken for when they were left out. */
  readonly taken_for: string;
  readonly count: number;
  /** Their ids: the first 20. */
  readonly ids: readonly string[];
}

export interface HeadReport {
  readonly labels: readonly LabelReport[];
  /** The same over all examples: present if there are two labels and each has five. */
  readonly accuracy?: { readonly value: number; readonly examples: number };
  /** The ten most frequent pairs, in order. */
  readonly confused: readonly ConfusedPair[];
}

export function reportOf({ labels, ids, classes, leftOut }: Head): HeadReport {
  const counts = labels.map(() => ({ count: 0, right: 0 }));
  const pairs = new Map<number, string[]>();
  for (const [i, label] of classes.entries()) {
    const taken = leftOut[i] as number;
    const tally = counts[label] ?? { count: 0, right: 0 };
    tally.count++;
    if (taken === label) tally.right++;
    else {
      const pair = label * labels.length + taken;
      const wrong = pairs.get(pair);
      if (wrong === undefined) pairs.set(pair, [ids[i] ?? '']);
      else wrong.push(ids[i] ?? '');
    }
  }
  const isTelling = labels.length > 1 && counts.every(({ count }) => count >= LEAST_FOR_ACCURACY);
  const right = counts.reduce((sum, tally) => sum + tally.right, 0);
  return {
    labels: labels.map((label, i) => labelReport(label, counts[i] ?? { count: 0, right: 0 }, labels.length)),
    ...(isTelling && { accuracy: { value: rounded(right / classes.length), examples: classes.length } }),
    confused: [...pairs]
      // A map keeps insertion order, and sorting is stable.
      .sort(([, one], [, other]) => other.length - one.length)
      .slice(0, MOST_PAIRS)
      .map(([pair, wrong]) => ({
        label: labels[Math.floor(pair / labels.length)] ?? '',
        taken_for: labels[pair % labels.length] ?? '',
        count: wrong.length,
        ids: wrong.slice(0, MOST_IDS),
      })),
  };
}

function labelReport(
  label: string,
  { count, right }: { readonly count: number; readonly right: number },
  labels: number,
): LabelReport {
  const isTelling = labels > 1 && count >= LEAST_FOR_ACCURACY;
  return isTelling ? { label, count, accuracy: rounded(right / count) } : { label, count };
}

function rounded(part: number): number {
  return Number(part.toFixed(4));
}
