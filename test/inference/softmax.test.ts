import { describe, expect, it } from 'vitest';
import { LOGIT_COUNT, softmax, topK } from '../../src/inference/softmax.ts';

/** 1001 logits in which the named outputs stand out. */
function logits(outputs: Record<number, number>): Float32Array {
  const all = new Float32Array(LOGIT_COUNT).fill(-20);
  for (const [output, value] of Object.entries(outputs)) all[Number(output)] = value;
  return all;
}

describe('softmax', () => {
  it('sums to 1 over all 1001 outputs', () => {
    const sum = softmax(logits({ 0: 3, 5: 2, 1000: 1 })).reduce((total, value) => total + value, 0);
    expect(sum).toBeCloseTo(1, 5);
  });

  it('stays finite for logits whose exponentials overflow', () => {
    const probabilities = softmax(logits({ 7: 1000, 8: 999 }));
    expect(probabilities[7]).toBeCloseTo(1 / (1 + Math.exp(-1)), 5);
    expect(probabilities[8]).toBeCloseTo(Math.exp(-1) / (1 + Math.exp(-1)), 5);
  });
});

describe('topK', () => {
  it('never lists background, and lets it keep its share', () => {
    const best = topK(softmax(logits({ 0: 5, 282: 5 })), 3, 0);
    expect(best[0]?.index).toBe(281);
    expect(best[0]?.score).toBeCloseTo(0.5, 3);
    expect(topK(softmax(logits({ 0: 5 })), 1000, 0)).toHaveLength(1000);
  });

  it('lists the best first, equal ones by index, and no more than asked', () => {
    const best = topK(softmax(logits({ 4: 1, 3: 1, 9: 2 })), 3, 0);
    expect(best.map(({ index }) => index)).toEqual([8, 2, 3]);
  });

  it('leaves out what is less probable than min_score', () => {
    const best = topK(softmax(logits({ 10: 2, 11: 2, 12: 0 })), 5, 0.2);
    expect(best.map(({ index }) => index)).toEqual([9, 10]);
  });
});
