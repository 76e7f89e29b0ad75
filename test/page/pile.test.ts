import { describe, expect, it } from 'vitest';
import { DIMENSIONS } from '../../src/collections/vectors.ts';
import { fingerprintOf } from '../../src/image/fingerprint.ts';
import { thumbnailOf } from '../../src/image/resample/resample-kernel.ts';
import { createPile, fingerprintOfPixels } from '../../src/page/pile.ts';
import { normals, randoms } from '../collections/examples.ts';

const normal = normals(11);
const drawn = () => Float32Array.from({ length: DIMENSIONS }, normal);

/** A vector whose cosine to the given one is about 1 / √(1 + noise²). */
const near = (vector: Float32Array, noise: number) => vector.map((value) => value + noise * normal());

const HASH = Uint8Array.of(0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0);
const OTHER_HASH = HASH.map((byte) => byte ^ 0x5a);

describe('a pile of pictures', () => {
  const [cat, dog] = [drawn(), drawn()];
  /** In the order of arrival: a copy of a copy is in the group too. */
  const PICTURES: readonly (readonly [Float32Array, Uint8Array?])[] = [
    [cat, HASH],
    [dog, OTHER_HASH],
    [near(cat, 0.5), HASH],
    [near(cat, 1), OTHER_HASH],
    [near(dog, 0.2)],
    [drawn(), HASH],
  ];
  const filled = () => {
    const pile = createPile();
    for (const [embedding, fingerprint] of PICTURES) pile.add(embedding, fingerprint);
    return pile;
  };

  it('finds groups of copies, by embedding and fingerprint, and by the embedding alone where there is none', () => {
    expect(filled().groups()).toEqual([
      [0, 2],
      [1, 4],
    ]);
  });

  it('joins groups that a later picture is a copy of both', () => {
    const pile = createPile();
    const far = near(cat, 0.8);
    pile.add(cat);
    pile.add(far);
    expect(pile.groups()).toEqual([]);
    pile.add(cat.map((value, i) => value + (far[i] ?? 0)));
    expect(pile.groups()).toEqual([[0, 1, 2]]);
  });

  it('lists the nearest first, without the picture itself, and says which are copies', () => {
    const nearest = filled().nearest(0, 3);
    expect(nearest.map(({ position, copy }) => [position, copy])).toEqual([
      [2, true],
      [3, false],
      expect.anything(),
    ]);
    expect(nearest[0]?.similarity).toBeCloseTo(1 / Math.sqrt(1.25), 1);
  });

  it('forgets what is removed', () => {
    const pile = filled();
    pile.remove(2);
    expect(pile.groups()).toEqual([[1, 4]]);
    expect(pile.nearest(0, 9).map(({ position }) => position)).not.toContain(2);
    expect(pile.nearest(2, 9)).toEqual([]);
  });

  it('has room for many', () => {
    const pile = createPile();
    const some = Array.from({ length: 150 }, drawn);
    for (const embedding of some) pile.add(embedding);
    pile.add(near(some[77] ?? cat, 0.1));
    expect(pile.groups()).toEqual([[77, 150]]);
  });
});

describe('fingerprintOfPixels', () => {
  it('is the fingerprint of what the network would see', () => {
    const random = randoms(4);
    const plane = 224 * 224;
    const pixels = new Uint8ClampedArray(4 * plane);
    const input = new Float32Array(3 * plane);
    for (let i = 0; i < plane; i++) {
      for (let channel = 0; channel < 3; channel++) {
        const value = Math.floor(256 * random());
        pixels[4 * i + channel] = value;
        input[channel * plane + i] = value / 127.5 - 1;
      }
    }
    expect(fingerprintOfPixels(pixels)).toEqual(fingerprintOf(thumbnailOf(input)));
  });
});
