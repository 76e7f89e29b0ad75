/** Stored vectors stay comparable as long as their space keeps its name. */
import { describe, expect, it } from 'vitest';
import { EMBEDDING_SPACE } from '../../src/inference/embedding-space.ts';
import { provided } from '../pictures/provided.ts';
import { classifier } from '../service.ts';
import stored from './embedding-space-1.json';

/** Below this, stored vectors would have to be computed again, and the space needs another name. */
const SAME = 0.9999;

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, lengthA, lengthB] = [0, 0, 0];
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? Number.NaN;
    product += value * other;
    lengthA += value * value;
    lengthB += other * other;
  }
  return product / Math.sqrt(lengthA * lengthB);
}

describe(`the space ${EMBEDDING_SPACE}`, () => {
  it('is the one of the vectors that are stored', () => {
    expect(stored.embedding_space).toBe(EMBEDDING_SPACE);
  });

  it.each(Object.entries(stored.vectors))('has %s where it was', async (name, base64) => {
    const before = new Float32Array(Uint8Array.fromBase64(base64).buffer);
    const seen = await classifier.see(provided(`kept-${name}`));
    if (!seen.ok) throw new Error(seen.failure.code);
    expect(cosine(seen.value.embedding, before)).toBeGreaterThanOrEqual(SAME);
  });

  it('has different pictures in different places', () => {
    const [balloon, keyboard] = [
      stored.vectors['balloon.webp'],
      stored.vectors['computer-keyboard.webp'],
    ].map((base64) => new Float32Array(Uint8Array.fromBase64(base64).buffer));
    expect(cosine(balloon ?? new Float32Array(), keyboard ?? new Float32Array())).toBeLessThan(0.5);
  });
});
