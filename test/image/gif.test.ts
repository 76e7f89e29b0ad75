/** The first frame of GIFs of every kind, compared with what was written into it. */
import { describe, expect, it } from 'vitest';
import { decodeGif } from '../../src/image/gif/decode.ts';
import type { GifHeader } from '../../src/image/header.ts';
import type { Shrink } from '../../src/image/shrink.ts';
import { atOnce } from '../../src/image/turns.ts';
import { type GifKind, gif } from '../pictures/gif.ts';
import { expectMeans, type Rgba } from './means.ts';
import { headerOf } from './stills.ts';

const SHRINKS: readonly Shrink[] = [1, 2, 4, 8];
const SIZE = { width: 53, height: 39 };
const WHOLE = { ...SIZE, left: 0, top: 0 };
const NOTHING: Rgba = [255, 255, 255, 0];

function gifHeaderOf(bytes: Uint8Array): GifHeader {
  const header = headerOf(bytes);
  if (header.format !== 'gif') throw new Error(header.format);
  return header;
}

function decoded(bytes: Uint8Array, by: Shrink = 1) {
  return atOnce(decodeGif(bytes, gifHeaderOf(bytes), by));
}

const seenPalette = (i: number) => [(i * 71) & 255, 255 - i, (i * 29 + 40) & 255] as const;
const paletteOf = (bits: number) => Array.from({ length: 1 << bits }, (_, i) => seenPalette(i)).flat();
/** Runs, for which LZW makes longer and longer strings, and noise. */
const indexOf = (bits: number) => (x: number, y: number) =>
  (y % 5 < 2 ? x >> 3 : (x * 7919 + y * 104_729) >> 3) & ((1 << bits) - 1);

const kindOf = (bits: number, more: Partial<GifKind> = {}): GifKind => ({
  screen: SIZE,
  frame: WHOLE,
  bits,
  screenPalette: paletteOf(bits),
  ...more,
});

const DEPTHS = [1, 2, 3, 4, 5, 6, 7, 8];
const KINDS: readonly (readonly [string, GifKind])[] = DEPTHS.flatMap((bits) => [
  [`${bits} bits`, kindOf(bits)] as const,
  [`${bits} bits, interlaced`, kindOf(bits, { interlaced: true })] as const,
  [`${bits} bits, transparent`, kindOf(bits, { transparent: 1 })] as const,
  [`${bits} bits, interlaced, transparent`, kindOf(bits, { interlaced: true, transparent: 1 })] as const,
  [
    `${bits} bits, a palette of its own`,
    kindOf(bits, {
      screenPalette: paletteOf(bits).map((level) => 255 - level),
      framePalette: paletteOf(bits),
    }),
  ] as const,
]);

function seenIn({ bits, transparent }: GifKind, x: number, y: number): Rgba {
  const index = indexOf(bits)(x, y);
  return [...seenPalette(index), index === transparent ? 0 : 255];
}

describe("a GIF's first frame", () => {
  it.each(KINDS)('shows what was written: %s', (_, kind) => {
    const bytes = gif(kind, indexOf(kind.bits));
    for (const by of SHRINKS) expectMeans(decoded(bytes, by), SIZE, by, (x, y) => seenIn(kind, x, y));
  });

  it.each(KINDS)('is not taken where data are missing: %s', (_, kind) => {
    const bytes = gif(kind, indexOf(kind.bits));
    const header = gifHeaderOf(bytes);
    for (const length of [bytes.length - 6, header.dataAt + 20, header.dataAt]) {
      expect(atOnce(decodeGif(bytes.subarray(0, length), header, 1))).toBeUndefined();
    }
    // Valid, but with an end that comes too early.
    const short = gif({ ...kind, dataBytes: 30 }, indexOf(kind.bits));
    expect(decoded(short)).toBeUndefined();
  });

  it('has codes of 12 bits, and clears them when there are no more', () => {
    const size = { width: 300, height: 200 };
    const kind = kindOf(8, { screen: size, frame: { ...size, left: 0, top: 0 } });
    const noise = (x: number, y: number) => ((x * 7919 + y * 104_729) ^ ((x * y) >> 2)) & 255;
    const seen = (x: number, y: number): Rgba => [...seenPalette(noise(x, y)), 255];
    for (const interlaced of [false, true]) {
      expectMeans(decoded(gif({ ...kind, interlaced }, noise)), size, 1, seen);
    }
  });

  const PLACES = {
    'within it': [
      { width: 60, height: 50 },
      { width: 20, height: 15, left: 13, top: 22 },
    ],
    'at its lower right': [
      { width: 60, height: 50 },
      { width: 47, height: 28, left: 13, top: 22 },
    ],
    'beyond its right': [
      { width: 40, height: 50 },
      { width: 47, height: 28, left: 13, top: 22 },
    ],
    'beyond its lower edge': [
      { width: 60, height: 20 },
      { width: 20, height: 28, left: 13, top: 22 },
    ],
    'over all of it': [
      { width: 10, height: 10 },
      { width: 47, height: 28, left: 0, top: 0 },
    ],
  } as const;

  it.each(Object.entries(PLACES))('lies on its canvas %s, on white', (_, [screen, frame]) => {
    const canvas = {
      width: Math.max(screen.width, frame.left + frame.width),
      height: Math.max(screen.height, frame.top + frame.height),
    };
    for (const interlaced of [false, true]) {
      const kind = kindOf(4, { screen, frame, interlaced });
      const bytes = gif(kind, indexOf(4));
      const seen = (x: number, y: number): Rgba => {
        const [inX, inY] = [x - frame.left, y - frame.top];
        const isIn = inX >= 0 && inY >= 0 && inX < frame.width && inY < frame.height;
        return isIn ? seenIn(kind, inX, inY) : NOTHING;
      };
      for (const by of SHRINKS) expectMeans(decoded(bytes, by), canvas, by, seen);
    }
  });

  it.each([
    ['0×0', { width: 0, height: 0 }],
    ['0 wide', { width: 0, height: 500 }],
  ])('is all there is where the screen is %s', (_, screen) => {
    const kind = kindOf(4, { screen, frame: { ...SIZE, left: 7, top: 9 } });
    expectMeans(decoded(gif(kind, indexOf(4))), SIZE, 1, (x, y) => seenIn(kind, x, y));
  });

  it('is grey by its indices where there is no palette', () => {
    const { screenPalette: _, ...kind } = kindOf(8);
    const index = indexOf(8);
    expectMeans(decoded(gif(kind, index)), SIZE, 1, (x, y) => [index(x, y), index(x, y), index(x, y), 255]);
  });

  it.each([
    ['an empty comment before it', { before: [0x21, 0xfe, 0] }],
    ['stray zeros before it', { before: [0, 0, 0x21, 0xfe, 2, 65, 66, 0, 0] }],
    ['no trailer', { after: [] }],
    ['blocks of no kind behind it', { after: [0x77, 3, 2, 1, 0x21, 0xff, 255] }],
    ['a second frame that is cut off', { after: [0x2c, 0, 0, 0, 0, 9, 0, 9, 0, 0, 8, 200, 1] }],
  ])('is read with %s', (_, more) => {
    const kind = kindOf(4, more);
    expectMeans(decoded(gif(kind, indexOf(4))), SIZE, 1, (x, y) => seenIn(kind, x, y));
  });

  it('never throws or goes on for long, whatever byte is changed', () => {
    for (const interlaced of [false, true]) {
      const bytes = gif(kindOf(4, { interlaced }), indexOf(4));
      const header = gifHeaderOf(bytes);
      for (let at = header.dataAt; at < bytes.length; at++) {
        atOnce(decodeGif(bytes.with(at, (bytes[at] ?? 0) ^ (1 << (at % 8))), header, 2));
      }
    }
  });
});
