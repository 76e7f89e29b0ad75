/** EXIF's eight orientations: the same picture, however it is stored (EXIF 2.32 §4.6.4, TIFF 6.0 p. 36). */
import { describe, expect, it } from 'vitest';
import type { Seen } from '../../src/classifier.ts';
import type { Orientation } from '../../src/image/header.ts';
import { mirrored, turnedLeft, turnUpright, uprightSize } from '../../src/image/orientation.ts';
import { toInput } from '../../src/image/resample/resample.ts';
import { INPUT_SIDE } from '../../src/image/resample/taps.ts';
import { sniff } from '../../src/image/sniff.ts';
import { softmax, topK } from '../../src/inference/softmax.ts';
import { provided } from '../pictures/provided.ts';
import { BALLOON } from '../pictures/scenes.ts';
import { ORIENTATIONS, turned } from '../pictures/turned.ts';
import { classifier } from '../service.ts';

/** Odd and even, wide and high, enlarged and shrunk, and with an odd number of pixels to crop. */
const SIZES = [
  [641, 479],
  [300, 1000],
  [1000, 257],
  [224, 225],
  [320, 336],
  [5, 3],
  [1, 1],
] as const;

/** RGBA without any symmetry, with opaque and half-transparent pixels. */
function patternless(width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height * 4);
  for (let i = 0, state = 1; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = i % 4 === 3 && state >>> 31 === 0 ? 255 : state >>> 24;
  }
  return data;
}

function largestDifference(one: Float32Array, other: Float32Array): number {
  return one.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (other[i] ?? Number.NaN))), 0);
}

describe('the tensor', () => {
  it.each(SIZES)('of %d×%d is the same in every orientation', (width, height) => {
    const upright = patternless(width, height);
    const expected = toInput({ data: upright, width, height }, 1);
    for (const orientation of ORIENTATIONS) {
      const stored = turned(upright, { width, height }, orientation);
      expect(uprightSize(stored, orientation)).toEqual({ width, height });
      const difference = largestDifference(toInput(stored, orientation), expected);
      expect(difference, `orientation ${orientation}`).toBeLessThan(1e-5);
    }
  });

  it('is another one when the orientation is another', () => {
    const stored = { data: patternless(300, 300), width: 300, height: 300 };
    const inputs = ORIENTATIONS.map((orientation) => toInput(stored, orientation));
    for (const [i, one] of inputs.entries()) {
      for (const other of inputs.slice(i + 1)) expect(largestDifference(one, other)).toBeGreaterThan(0.5);
    }
  });
});

describe('turning planes', () => {
  it('copies only when there is something to turn', () => {
    const planes = new Float32Array(3 * INPUT_SIDE * INPUT_SIDE);
    expect(turnUpright(planes, INPUT_SIDE, 1)).toBe(planes);
    expect(turnUpright(planes, INPUT_SIDE, 6)).not.toBe(planes);
  });

  it('turns each plane for itself', () => {
    // Two planes of 2×2, row by row. Orientation 6: the first stored row is the right column.
    const planes = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    expect([...turnUpright(planes, 2, 6)]).toEqual([3, 1, 4, 2, 7, 5, 8, 6]);
  });
});

describe('a chain of turns and mirrorings', () => {
  const planes = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
  const quarterLeft: Orientation = 8;
  const leftRight: Orientation = 2;

  it.each(ORIENTATIONS)('is one orientation, after %d', (orientation) => {
    const upright = turnUpright(planes, 3, orientation);
    expect(turnUpright(planes, 3, turnedLeft(orientation))).toEqual(turnUpright(upright, 3, quarterLeft));
    expect(turnUpright(planes, 3, mirrored(orientation))).toEqual(turnUpright(upright, 3, leftRight));
  });
});

/** Lossless files, then lossy ones. */
const LOSSLESS = ['png', 'webp', 'tiff'] as const;
const LOSSY = ['jpeg', 'avif'] as const;
const ENCODINGS = [...LOSSLESS, ...LOSSY];

describe('a file', () => {
  async function see(encoding: string, orientation: number, name = 'balloon'): Promise<Seen> {
    const seen = await classifier.see(provided(`${name}-${orientation}.${encoding}`));
    if (!seen.ok) throw new Error(JSON.stringify(seen.failure));
    return seen.value;
  }

  it.each(LOSSLESS)('without loss has the same scores in all eight orientations: %s', async (encoding) => {
    const expected = softmax((await see(encoding, 1)).logits);
    for (const orientation of ORIENTATIONS) {
      const { logits } = await see(encoding, orientation);
      const difference = largestDifference(softmax(logits), expected);
      expect(difference, `orientation ${orientation}`).toBeLessThan(1e-3);
    }
  });

  it.each(LOSSY)('with loss has the same first label, all but as likely: %s', async (encoding) => {
    const [expected] = topK(softmax((await see(encoding, 1)).logits), 1, 0);
    expect(expected?.index).toBe(BALLOON.index);
    for (const orientation of ORIENTATIONS) {
      const [first] = topK(softmax((await see(encoding, orientation)).logits), 1, 0);
      expect(first?.index).toBe(BALLOON.index);
      const difference = Math.abs((first?.score ?? 0) - (expected?.score ?? 0));
      expect(difference, `orientation ${orientation}`).toBeLessThan(0.02);
    }
  });

  it('is turned after the decoder has made it smaller, too', async () => {
    const [one, other] = [await see('jpeg', 1, 'large-balloon'), await see('jpeg', 6, 'large-balloon')];
    expect(other.image).toEqual({ format: 'jpeg', width: 1280, height: 1344, orientation: 6 });
    expect(largestDifference(softmax(other.logits), softmax(one.logits))).toBeLessThan(0.02);
  });

  it.each(ENCODINGS)('is reported upright, with its orientation: %s', async (format) => {
    for (const orientation of ORIENTATIONS) {
      const { image } = await see(format, orientation);
      expect(image).toEqual({ format, width: 320, height: 336, orientation });
    }
  });

  it.each(ENCODINGS)('has its orientation read from what libvips wrote: %s', (encoding) => {
    for (const orientation of ORIENTATIONS) {
      const sniffed = sniff(provided(`balloon-${orientation}.${encoding}`));
      const [width, height] = orientation >= 5 ? [336, 320] : [320, 336];
      expect(sniffed).toMatchObject({ kind: 'picture', header: { orientation, width, height } });
    }
  });
});
