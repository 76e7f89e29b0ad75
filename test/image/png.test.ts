/** PNGs of every kind, row by row, compared with what was written into them. */
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { PngHeader } from '../../src/image/header.ts';
import { decodePng } from '../../src/image/png/decode.ts';
import type { Shrink } from '../../src/image/shrink.ts';
import { atOnce } from '../../src/image/turns.ts';
import { chunk, filtered, type Kind, png, pngOf } from '../pictures/png.ts';
import { bytesOf } from './headers.ts';
import { expectMeans, type Rgba } from './means.ts';
import { headerOf } from './stills.ts';

const SHRINKS: readonly Shrink[] = [1, 2, 4, 8];
const SIZE = { width: 45, height: 27 };

function pngHeaderOf(bytes: Uint8Array): PngHeader {
  const header = headerOf(bytes);
  if (header.format !== 'png') throw new Error(header.format);
  return header;
}

function decoded(bytes: Uint8Array, by: Shrink = 1) {
  return atOnce(decodePng(bytes, pngHeaderOf(bytes), by));
}

const SAMPLES = { grey: 1, rgb: 3, palette: 1, 'grey-alpha': 2, rgba: 4 } as const;
const DEPTHS = {
  grey: [1, 2, 4, 8, 16],
  rgb: [8, 16],
  palette: [1, 2, 4, 8],
  'grey-alpha': [8, 16],
  rgba: [8, 16],
} as const;

interface Case {
  readonly kind: Kind;
  readonly samples: readonly number[];
  readonly seen: (x: number, y: number) => Rgba;
}

const seenPalette = (i: number) => [(i * 71) & 255, 255 - i, (i * 29 + 40) & 255] as const;

const [IEND_BYTES, CHECKSUM_BYTES, ADLER_BYTES] = [12, 4, 4];

/** Smooth in one corner, a little noise in the other, so that predictors are often equally close. */
function sampleAt(x: number, y: number, i: number, depth: number): number {
  const isNoise = x > 20 && y > 12;
  const level = isNoise ? ((x * x * 31 + y * y * 17 + x * y * 7 + i * 5) >> 1) & 7 : x * 3 + y * 5 + i * 40;
  return (level * (depth === 16 ? 211 : 1)) & (2 ** depth - 1);
}

function caseOf(kind: Kind, size = SIZE): Case {
  const perPixel = SAMPLES[kind.colour];
  const most = 2 ** kind.depth - 1;
  const samples = Array.from({ length: size.width * size.height * perPixel }, (_, at) => {
    const pixel = Math.floor(at / perPixel);
    return sampleAt(pixel % size.width, Math.floor(pixel / size.width), at % perPixel, kind.depth);
  });
  const clear = kind.colour === 'palette' ? undefined : kind.transparency;
  const seen = (x: number, y: number): Rgba => {
    const own = Array.from({ length: perPixel }, (_, i) => sampleAt(x, y, i, kind.depth));
    const [one = 0, two = 0, three = 0, four = 0] = own.map((sample) => (sample * 255) / most);
    const isClear =
      clear !== undefined &&
      own.every((sample, i) => sample === (clear[2 * i] ?? 0) * 256 + (clear[2 * i + 1] ?? 0));
    const alpha = isClear ? 0 : 255;
    switch (kind.colour) {
      case 'grey':
        return [one, one, one, alpha];
      case 'rgb':
        return [one, two, three, alpha];
      case 'palette':
        return [...seenPalette(own[0] ?? 0), kind.transparency?.[own[0] ?? 0] ?? 255];
      case 'grey-alpha':
        return [one, one, one, two];
      case 'rgba':
        return [one, two, three, four];
    }
  };
  return { kind, samples, seen };
}

/** tRNS with a colour that occurs in the picture. */
function clearOf(colour: 'grey' | 'rgb', depth: number): number[] {
  return Array.from({ length: SAMPLES[colour] }, (_, i) => sampleAt(4, 4, i, depth)).flatMap((sample) => [
    sample >> 8,
    sample & 255,
  ]);
}

const KINDS: readonly (readonly [string, Kind])[] = (Object.keys(DEPTHS) as (keyof typeof DEPTHS)[]).flatMap(
  (colour) =>
    DEPTHS[colour].flatMap((depth) => {
      const colours = 2 ** depth;
      const palette = Array.from({ length: colours }, (_, i) => seenPalette(i)).flat();
      const kind: Kind = { colour, depth, ...(colour === 'palette' ? { palette } : {}) };
      const alphas = Array.from({ length: Math.ceil(colours / 2) }, (_, i) => (i * 255) / colours).map(
        Math.round,
      );
      const transparency =
        colour === 'palette'
          ? alphas
          : colour === 'grey' || colour === 'rgb'
            ? clearOf(colour, depth)
            : undefined;
      const all = transparency === undefined ? [kind] : [kind, { ...kind, transparency }];
      return all.map((one) => [`${colour} ${depth}${one.transparency ? ' with tRNS' : ''}`, one] as const);
    }),
);

const CASES = KINDS.flatMap(([name, kind]) => [
  [name, caseOf(kind)] as const,
  [`${name}, interlaced`, caseOf({ ...kind, interlaced: true })] as const,
]);

/** The lower 8 of 16 bits are dropped, not rounded. */
const toleranceOf = ({ depth }: Kind) => (depth === 16 ? 1.5 : 0.501);

describe('a PNG', () => {
  it.each(CASES)('shows what was written: %s', (_, { kind, samples, seen }) => {
    const bytes = png(samples, SIZE, kind);
    for (const by of SHRINKS) expectMeans(decoded(bytes, by), SIZE, by, seen, toleranceOf(kind));
  });

  it.each(CASES)('shows it with every filter: %s', (_, { kind, samples, seen }) => {
    for (const only of [0, 1, 2, 3, 4]) {
      const one = png(samples, SIZE, { ...kind, filter: () => only });
      expectMeans(decoded(one), SIZE, 1, seen, toleranceOf(kind));
    }
    const mixed = png(samples, SIZE, { ...kind, filter: (row) => (row * 3 + 4) % 5 });
    expectMeans(decoded(mixed), SIZE, 1, seen, toleranceOf(kind));
  });

  it.each(CASES)('is not taken where a row is missing: %s', (_, { kind, samples }) => {
    const rows = filtered(samples, SIZE, kind);
    expect(decoded(pngOf(SIZE, kind, deflateSync(rows.subarray(0, -1))))).toBeUndefined();
  });

  it.each([1, 2, 3, 4, 5, 8, 9])('has all its passes at %d pixels a side', (side) => {
    for (const size of [
      { width: side, height: side },
      { width: side, height: 1 },
      { width: 1, height: side },
    ]) {
      const { kind, samples, seen } = caseOf({ colour: 'rgb', depth: 8, interlaced: true }, size);
      for (const by of SHRINKS) expectMeans(decoded(png(samples, size, kind), by), size, by, seen);
    }
  });

  const RGB = caseOf({ colour: 'rgb', depth: 8 });
  const bytes = png(RGB.samples, SIZE, RGB.kind);
  const expectShown = (changed: Uint8Array) => expectMeans(decoded(changed), SIZE, 1, RGB.seen);
  const HEAD_BYTES = 33;
  const [head, rest] = [bytes.subarray(0, HEAD_BYTES), bytes.subarray(HEAD_BYTES)];

  it.each([1, 2, 3, 100])('may have %d bytes of its data in a chunk', (chunkBytes) => {
    expectShown(png(RGB.samples, SIZE, { ...RGB.kind, chunkBytes }));
  });

  it.each(['tEXt', 'gAMA', 'pHYs', 'acTL', 'cHRM', 'eXIf', 'zzZz'])(
    'passes over a faulty %s chunk',
    (type) => {
      expectShown(bytesOf(head, chunk(type, Uint8Array.of(1, 2, 3)), chunk(type, new Uint8Array()), rest));
    },
  );

  it('needs no IEND chunk and nothing behind its last row', () => {
    for (const cut of [
      1,
      IEND_BYTES,
      IEND_BYTES + CHECKSUM_BYTES,
      IEND_BYTES + CHECKSUM_BYTES + ADLER_BYTES,
    ]) {
      expectShown(bytes.slice(0, -cut));
    }
    expect(decoded(bytes.slice(0, -60))).toBeUndefined();
    expectShown(bytesOf(bytes, 'and what a program has put behind it'));
  });

  it('is refused where the checksum of its pixels is wrong: what is damaged would inflate all the same', () => {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const checksum = bytes.length - IEND_BYTES - CHECKSUM_BYTES;
    const wrong = (view.getUint32(checksum) ^ 1) & 0xff;
    expect(decoded(bytes.with(checksum + 3, wrong))).toBeUndefined();
  });

  it('needs no more of its stream than its rows', () => {
    const rows = filtered(RGB.samples, SIZE, RGB.kind);
    const stream = deflateSync(rows);
    expectShown(pngOf(SIZE, RGB.kind, bytesOf(stream, 1, 2, 3, 4, 5, 6, 7)));
    expectShown(pngOf(SIZE, RGB.kind, deflateSync(bytesOf(rows, new Uint8Array(3_000_000)))));
  });

  it('is broken with a palette that is missing, or a filter that does not exist', () => {
    expect(
      decoded(pngOf(SIZE, { colour: 'palette', depth: 8 }, deflateSync(new Uint8Array(46 * 27)))),
    ).toBeUndefined();
    const rows = filtered(RGB.samples, SIZE, RGB.kind);
    rows[(1 + 3 * SIZE.width) * 5] = 5;
    expect(decoded(pngOf(SIZE, RGB.kind, deflateSync(rows)))).toBeUndefined();
  });

  it('never throws or goes on for long, whatever byte is changed', () => {
    const header = pngHeaderOf(bytes);
    for (let at = HEAD_BYTES; at < bytes.length; at++) {
      atOnce(decodePng(bytes.with(at, (bytes[at] ?? 0) ^ (1 << (at % 8))), header, 2));
    }
  });
});
