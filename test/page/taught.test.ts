import { describe, expect, it } from 'vitest';
import { answerOf } from '../../src/collections/head.ts';
import { reportOf } from '../../src/collections/head-report.ts';
import { trainHead } from '../../src/collections/head-training.ts';
import { vectorAt } from '../../src/collections/vectors.ts';
import { taughtBy } from '../../src/page/taught.ts';
import { examplesOf } from '../collections/examples.ts';

// So far from their classes that some are misclassified.
const EXAMPLES = examplesOf([6, 7, 5], 8);
const HEAD = trainHead(EXAMPLES);

const taught = taughtBy(
  EXAMPLES.ids.map((id, i) => ({
    id,
    label: EXAMPLES.labels[i] ?? '',
    // Of another scale than the stored ones.
    embedding: Float32Array.from(vectorAt(EXAMPLES.vectors, i), (value) => value / 127),
  })),
);

describe('taughtBy', () => {
  it('is nothing without examples', () => {
    expect(taughtBy([])).toBeUndefined();
  });

  it('reports what the head of a collection with these items reports', () => {
    expect(reportOf(HEAD).confused.length).toBeGreaterThan(0);
    expect(taught).toMatchObject({ ...reportOf(HEAD) });
  });

  it('answers as it does, the best first', () => {
    const question = Float32Array.from(vectorAt(EXAMPLES.vectors, 8));
    const { probabilities, ...rest } = answerOf(HEAD, question);
    const answer = taught?.answer(question);
    expect(answer).toMatchObject(rest);
    expect(answer?.predictions.map(({ score }) => score)).toEqual([...probabilities].sort((a, b) => b - a));
    expect(answer?.predictions[0]).toEqual({ label: 'b', score: probabilities[1] });
  });
});
