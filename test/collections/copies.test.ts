import { describe, expect, it } from 'vitest';
import { copyScore, isCopy } from '../../src/collections/copies.ts';

const HASH = Uint8Array.of(0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0);

/** The hash with this many of its bits flipped, from the first on. */
function turned(bits: number): Uint8Array {
  return HASH.map((byte, i) => byte ^ (2 ** Math.max(0, Math.min(8, bits - 8 * i)) - 1));
}

describe('copyScore', () => {
  it('is 1.8 for the same picture, and for the same mirrored', () => {
    expect(copyScore(1, HASH, HASH)).toBeCloseTo(1.8, 10);
    expect(
      copyScore(
        1,
        HASH,
        HASH.map((byte) => byte ^ 0xaa),
      ),
    ).toBeCloseTo(1.8, 10);
  });

  it('goes down with every bit that differs', () => {
    for (const bits of [1, 7, 13]) {
      expect(copyScore(0.5, HASH, turned(bits))).toBeCloseTo(0.5 + 0.8 * (1 - bits / 32), 10);
    }
  });

  it('is the same from either side', () => {
    expect(copyScore(0.3, HASH, turned(9))).toBe(copyScore(0.3, turned(9), HASH));
  });
});

describe('isCopy', () => {
  it('takes a poor embedding with the same hash, and a poor hash with a near embedding', () => {
    expect(isCopy(0.35, HASH, HASH)).toBe(true);
    expect(isCopy(0.85, HASH, turned(20))).toBe(true);
  });

  it('does not take two photos of one thing, nor hashes that are alike by chance', () => {
    expect(isCopy(0.5, HASH, turned(20))).toBe(false);
    expect(isCopy(0.05, HASH, HASH)).toBe(false);
  });

  it('asks more of the embedding where there is no hash', () => {
    expect(isCopy(0.89, undefined, HASH)).toBe(false);
    expect(isCopy(0.91, HASH)).toBe(true);
    expect(isCopy(0.91)).toBe(true);
  });
});
