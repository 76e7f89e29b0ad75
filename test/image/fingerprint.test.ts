import { describe, expect, it } from 'vitest';
import { decodeEntry, encodeEntry } from '../../src/cache/entry.ts';
import { fingerprintOf } from '../../src/image/fingerprint.ts';
import { thumbnailOf } from '../../src/image/resample/resample-kernel.ts';
import { normals } from '../collections/examples.ts';
import { provided } from '../pictures/provided.ts';
import { classifier } from '../service.ts';

const SIDE = 224;
const PLANE = SIDE * SIDE;

/** Waves of some frequencies and strengths, in colours: red, green and blue differ. */
function waves(strengths: readonly (readonly [u: number, v: number, strength: number])[]): Float32Array {
  const input = new Float32Array(3 * PLANE);
  for (const [i] of input.entries()) {
    const [x, y] = [i % SIDE, Math.floor((i % PLANE) / SIDE)];
    const colour = [0.2, 0.5, 0.3][Math.floor(i / PLANE)] ?? 0;
    for (const [u, v, strength] of strengths) {
      const wave =
        Math.cos((Math.PI * u * (2 * x + 1)) / (2 * SIDE)) *
        Math.cos((Math.PI * v * (2 * y + 1)) / (2 * SIDE));
      input[i] = (input[i] ?? 0) + colour * strength * wave;
    }
  }
  return input;
}

const hashOf = (input: Float32Array) => fingerprintOf(thumbnailOf(input));

function every(normal: () => number) {
  return Array.from({ length: 64 }, (_, i) => [i % 8, Math.floor(i / 8), normal()] as const);
}

function differing(one: Uint8Array, other: Uint8Array): number {
  return one.reduce(
    (sum, byte, i) => sum + (byte ^ (other[i] ?? 0)).toString(2).replaceAll('0', '').length,
    0,
  );
}

async function fingerprint(name: string): Promise<Uint8Array> {
  const seen = await classifier.see(provided(name));
  if (!seen.ok) throw new Error(seen.failure.code);
  return seen.value.fingerprint;
}

describe('thumbnailOf', () => {
  it('has the sum of each block in grey, in its place', () => {
    const input = waves(every(normals(4)));
    const sums = new Float64Array(32 * 32);
    for (let i = 0; i < PLANE; i++) {
      const place = Math.floor(i / SIDE / 7) * 32 + Math.floor((i % SIDE) / 7);
      const [red = 0, green = 0, blue = 0] = [input[i], input[i + PLANE], input[i + 2 * PLANE]];
      sums[place] = (sums[place] ?? 0) + 0.299 * red + 0.587 * green + 0.114 * blue;
    }
    const thumbnail = thumbnailOf(input);
    expect(thumbnail.length).toBe(sums.length);
    for (const [place, sum] of sums.entries()) expect(thumbnail[place]).toBeCloseTo(sum, 3);
  });
});

describe('fingerprintOf', () => {
  it('has the sign of each frequency in its place', () => {
    const parts = every(normals(5));
    const expected = new Uint8Array(8);
    for (const [u, v, strength] of parts) {
      if (u + v > 0 && strength > 0) expected[v] = (expected[v] ?? 0) | (1 << u);
    }
    expect(hashOf(waves(parts))).toEqual(expected);
  });

  it('differs in every odd frequency along the row, and no other, where the picture is mirrored', () => {
    const parts = every(normals(6));
    const mirrored = parts.map(([u, v, strength]) => [u, v, u % 2 === 1 ? -strength : strength] as const);
    const own = hashOf(waves(parts));
    expect(hashOf(waves(mirrored))).toEqual(own.map((byte) => byte ^ 0xaa));
  });

  it('is the same where the picture is brighter, or has more contrast', () => {
    const input = waves(every(normals(7)));
    const own = hashOf(input);
    expect(hashOf(input.map((value) => value * 2 + 0.3))).toEqual(own);
  });

  it('is nothing of a plain picture', () => {
    expect([...hashOf(new Float32Array(3 * PLANE))]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('is nearly the same of one picture in many encodings, and another of another picture', async () => {
    const own = await fingerprint('crossword.png-rgb8');
    for (const name of ['crossword.jpeg-420', 'crossword.webp-lossy', 'crossword.gif']) {
      expect(differing(own, await fingerprint(name))).toBeLessThanOrEqual(6);
    }
    for (const name of ['digital-clock.jpeg-420', 'golf-ball.jpeg-420', 'spider-web.jpeg-420']) {
      expect(differing(own, await fingerprint(name))).toBeGreaterThanOrEqual(16);
    }
  });
});

describe('an entry of the cache', () => {
  it('has the fingerprint of the picture', async () => {
    const seen = await classifier.see(provided('crossword.png-rgb8'));
    if (!seen.ok) throw new Error(seen.failure.code);
    const entry = await encodeEntry('key', seen.value);
    const { logits, embedding, fingerprint: own, image } = seen.value;
    expect(own.some((byte) => byte !== 0)).toBe(true);
    expect(await decodeEntry('key', entry.buffer)).toEqual({ logits, embedding, fingerprint: own, image });
  });
});
