/** BMP files and icon bitmaps of every kind, compared with what was written into them. */
import { describe, expect, it } from 'vitest';
import { decodeBmp, decodeIconBitmap } from '../../src/image/bmp/decode.ts';
import type { BmpHeader, IcoHeader } from '../../src/image/header.ts';
import type { Shrink } from '../../src/image/shrink.ts';
import { sniff } from '../../src/image/sniff.ts';
import { atOnce } from '../../src/image/turns.ts';
import { bmpOf, type DibKind, dibHead, dibRows, iconDib, rleRows, type Word } from '../pictures/dib.ts';
import { ico } from './headers.ts';
import { expectMeans, type Rgba } from './means.ts';
import { headerOf } from './stills.ts';

/** Not a whole number of words or bytes per row, except at 32 bits, and not of squares. */
const SIZE = { width: 37, height: 21 };
const SHRINKS: readonly Shrink[] = [1, 2, 4, 8];

function bmpHeaderOf(bytes: Uint8Array): BmpHeader {
  const header = headerOf(bytes);
  if (header.format !== 'bmp') throw new Error(header.format);
  return header;
}

function icoHeaderOf(bytes: Uint8Array): IcoHeader {
  const header = headerOf(bytes);
  if (header.format !== 'ico') throw new Error(header.format);
  return header;
}

function decoded(bytes: Uint8Array, by: Shrink = 1) {
  return atOnce(decodeBmp(bytes, bmpHeaderOf(bytes), by));
}

/** A colour that differs along both axes, in all three components, with few equal neighbours. */
const colour = (x: number, y: number) =>
  [(x * 37 + y) & 255, (y * 59 + x * 3) & 255, (x * y * 7 + 80) & 255] as const;

const seenPalette = (i: number) => [(i * 71) & 255, 255 - i, (i * 29 + 40) & 255] as const;
const paletteOf = (colours: number) => Array.from({ length: colours }, (_, i) => seenPalette(i));
/** Runs of several lengths, and stretches between them. */
const indexOf =
  (bits: number): Word =>
  (x, y) =>
    (x < 20 ? (x >> 2) + y : x * 5 + y * 3) & ((1 << bits) - 1);

interface Case {
  readonly kind: DibKind;
  readonly word: Word;
  readonly seen: (x: number, y: number) => Rgba;
}

function indexed(headerBytes: number, bitCount: number, more: Partial<DibKind> = {}): Case {
  const word = indexOf(bitCount);
  return {
    kind: { headerBytes, bitCount, palette: paletteOf(1 << bitCount), ...more },
    word,
    seen: (x, y) => [...seenPalette(word(x, y)), 255],
  };
}

function direct24(headerBytes: number, more: Partial<DibKind> = {}): Case {
  return {
    kind: { headerBytes, bitCount: 24, ...more },
    word: (x, y) => (colour(x, y)[0] << 16) | (colour(x, y)[1] << 8) | colour(x, y)[2],
    seen: (x, y) => [...colour(x, y), 255],
  };
}

/** @param alpha of each pixel, 0–255, stored if there is a mask for it. @param shown the part of it that counts. */
function masked(
  kind: DibKind,
  masks: readonly number[],
  alpha: (x: number, y: number) => number = () => 255,
  shown = alpha,
): Case {
  const field = (mask: number, level: number) => {
    if (mask === 0) return { stored: 0, seen: 255 };
    const shift = Math.log2(mask & (-mask >>> 0));
    const most = (mask >>> 0) / 2 ** shift;
    const value = Math.round((level * most) / 255);
    return { stored: value * 2 ** shift, seen: (value * 255) / most };
  };
  const fields = (x: number, y: number) =>
    [...colour(x, y), alpha(x, y)].map((level, i) => field(masks[i] ?? 0, level));
  return {
    kind,
    word: (x, y) => fields(x, y).reduce((sum, { stored }) => sum + stored, 0),
    seen: (x, y) => {
      const [red = 0, green = 0, blue = 0, own = 255] = fields(x, y).map(({ seen }) => seen);
      return [red, green, blue, shown === alpha ? own : shown(x, y)];
    },
  };
}

const MASKS = {
  '555': [0x7c00, 0x3e0, 0x1f, 0],
  '565': [0xf800, 0x7e0, 0x1f, 0],
  '4444': [0xf00, 0xf0, 0xf, 0xf000],
  '1555': [0x7c00, 0x3e0, 0x1f, 0x8000],
  '8888': [0xff0000, 0xff00, 0xff, 0xff000000],
  rgba: [0xff000000, 0xff0000, 0xff00, 0xff],
  xbgr: [0xff, 0xff00, 0xff0000, 0],
  '101010': [0x3ff00000, 0xffc00, 0x3ff, 0],
} as const;

const half = (x: number, y: number) => (x * 11 + y * 5) & 255;
const opaque = () => 255;

const CASES: Readonly<Record<string, Case>> = {
  ...Object.fromEntries(
    [12, 16, 40, 52, 56, 64, 108, 124].flatMap((headerBytes) => [
      ...[1, 2, 4, 8].map((bits) => [`${bits} bits, header ${headerBytes}`, indexed(headerBytes, bits)]),
      [`24 bits, header ${headerBytes}`, direct24(headerBytes)],
    ]),
  ),
  ...Object.fromEntries(
    [1, 2, 4, 8].map((bits) => [`${bits} bits from the top`, indexed(40, bits, { topDown: true })]),
  ),
  '24 bits from the top': direct24(40, { topDown: true }),
  '8 bits of 200 colours': {
    ...indexed(40, 8, { palette: paletteOf(200), stated: 200 }),
    word: (x, y) => indexOf(8)(x, y) % 200,
    seen: (x, y) => [...seenPalette(indexOf(8)(x, y) % 200), 255],
  },
  '4 bits, indices beyond a palette of 5': {
    ...indexed(40, 4, { palette: paletteOf(5), stated: 5 }),
    seen: (x, y) => (indexOf(4)(x, y) < 5 ? [...seenPalette(indexOf(4)(x, y)), 255] : [0, 0, 0, 255]),
  },
  '16 bits': masked({ headerBytes: 40, bitCount: 16 }, MASKS['555']),
  '16 bits, the last one set': masked({ headerBytes: 40, bitCount: 16 }, MASKS['1555'], opaque),
  '32 bits': masked({ headerBytes: 40, bitCount: 32 }, MASKS['8888'], opaque),
  '32 bits, whose fourth byte means nothing': masked(
    { headerBytes: 40, bitCount: 32 },
    MASKS['8888'],
    half,
    opaque,
  ),
  '32 bits, header 124, whose fourth byte means nothing': masked(
    { headerBytes: 124, bitCount: 32, masks: MASKS['8888'] },
    MASKS['8888'],
    half,
    opaque,
  ),
  ...Object.fromEntries(
    [40, 52, 56, 108, 124].flatMap((headerBytes) =>
      (['565', '555'] as const).map((name) => [
        `${name}, header ${headerBytes}`,
        masked({ headerBytes, bitCount: 16, compression: 3, masks: MASKS[name].slice(0, 3) }, MASKS[name]),
      ]),
    ),
  ),
  ...Object.fromEntries(
    [40, 52, 108].flatMap((headerBytes) =>
      (['xbgr', '101010'] as const).map((name) => [
        `${name}, header ${headerBytes}`,
        masked({ headerBytes, bitCount: 32, compression: 3, masks: MASKS[name].slice(0, 3) }, MASKS[name]),
      ]),
    ),
  ),
  ...Object.fromEntries(
    [56, 108, 124].flatMap((headerBytes) =>
      (['4444', '1555', '8888', 'rgba'] as const).flatMap((name) => {
        const bitCount = name === '4444' || name === '1555' ? 16 : 32;
        const kind = { headerBytes, bitCount, compression: 3, masks: MASKS[name] };
        return [
          [`${name} with alpha, header ${headerBytes}`, masked(kind, MASKS[name], half)],
          [
            `${name} with alpha 0 everywhere, header ${headerBytes}`,
            masked(kind, MASKS[name], () => 0, opaque),
          ],
        ];
      }),
    ),
  ),
  'four masks behind a header of 40': masked(
    { headerBytes: 40, bitCount: 32, compression: 6, masks: MASKS.rgba },
    MASKS.rgba,
    half,
  ),
  '32 bits with masks from the top': masked(
    { headerBytes: 108, bitCount: 32, compression: 3, masks: MASKS['8888'], topDown: true },
    MASKS['8888'],
    half,
  ),
};

describe('a BMP that is not compressed', () => {
  it.each(Object.entries(CASES))('shows what was written: %s', (_, { kind, word, seen }) => {
    const bytes = bmpOf(dibHead(kind, SIZE), dibRows(kind, SIZE, word));
    for (const by of SHRINKS) expectMeans(decoded(bytes, by), SIZE, by, seen, 1);
  });

  it.each(Object.entries(CASES))('is not taken where a row is cut off: %s', (_, { kind, word }) => {
    const bytes = bmpOf(dibHead(kind, SIZE), dibRows(kind, SIZE, word));
    // The padding of the last word of a row may be missing.
    expect(decoded(bytes.subarray(0, -4))).toBeUndefined();
  });

  const { kind, word, seen } = indexed(40, 8);
  const [head, rows] = [dibHead(kind, SIZE), dibRows(kind, SIZE, word)];

  it.each([
    ['states a size of 0', bmpOf(head, rows, { fileBytes: 0 })],
    ['states a size beyond its end', bmpOf(head, rows, { fileBytes: 2 ** 31 })],
    ['has bytes behind its rows', bmpOf(head, Uint8Array.of(...rows, 1, 2, 3, 4, 5))],
    ['says that its rows are where its palette is', bmpOf(head, rows, { dataOffset: 54 })],
    ['says that its rows are at its beginning', bmpOf(head, rows, { dataOffset: 0 })],
    ['says that its rows are beyond its end', bmpOf(head, rows, { dataOffset: 2 ** 31 })],
  ])('is read all the same when it %s', (_, bytes) => {
    expectMeans(decoded(bytes), SIZE, 1, seen);
  });

  it('is read from where it says that its rows are', () => {
    const gap = Uint8Array.of(...head, ...new Uint8Array(24).fill(99));
    expectMeans(decoded(bmpOf(gap, rows)), SIZE, 1, seen);
  });
});

const RLES = {
  RLE8: { compression: 1, bits: 8, headers: [40, 64, 108, 124] },
  RLE4: { compression: 2, bits: 4, headers: [40, 64, 108, 124] },
  RLE24: { compression: 4, bits: 24, headers: [64] },
} as const;

const RLE_CASES = Object.entries(RLES).flatMap(([name, { compression, bits, headers }]) =>
  headers.map((headerBytes) => {
    const word: Word = bits === 24 ? (x, y) => 0x10203 * (indexOf(5)(x, y) + 1) : indexOf(bits);
    const palette = bits === 24 ? [] : paletteOf(1 << bits);
    const seen = (x: number, y: number): Rgba => {
      const value = word(x, y);
      return bits === 24 ? [value >> 16, (value >> 8) & 255, value & 255, 255] : [...seenPalette(value), 255];
    };
    const kind: DibKind = { headerBytes, bitCount: bits, compression, palette };
    return [`${name}, header ${headerBytes}`, { bits, kind, word, seen }] as const;
  }),
);

describe('a compressed BMP', () => {
  it.each(RLE_CASES)('shows what was written: %s', (_, { bits, kind, word, seen }) => {
    const bytes = bmpOf(dibHead(kind, SIZE), rleRows(bits, SIZE, word));
    for (const by of SHRINKS) expectMeans(decoded(bytes, by), SIZE, by, seen);
  });

  it.each(RLE_CASES)('needs no end mark, but all rows: %s', (_, { bits, kind, word, seen }) => {
    const rows = rleRows(bits, SIZE, word, []);
    expectMeans(decoded(bmpOf(dibHead(kind, SIZE), rows)), SIZE, 1, seen);
    expect(decoded(bmpOf(dibHead(kind, SIZE), rows.subarray(0, -7)))).toBeUndefined();
  });

  it.each(RLE_CASES)('may be stored from the top: %s', (_, { bits, kind, word, seen }) => {
    const last = SIZE.height - 1;
    const rows = rleRows(bits, SIZE, (x, y) => word(x, last - y));
    expectMeans(decoded(bmpOf(dibHead({ ...kind, topDown: true }, SIZE), rows)), SIZE, 1, seen);
  });

  it('has the first colour where no run goes', () => {
    const kind = { headerBytes: 40, bitCount: 8, compression: 1, palette: paletteOf(256) };
    // 4 pixels; 3 to the right and 2 rows up, 5 pixels; the end. Rows are counted from the bottom.
    const rows = Uint8Array.of(4, 9, 0, 2, 3, 2, 5, 8, 0, 1);
    const bottom = SIZE.height - 1;
    expectMeans(decoded(bmpOf(dibHead(kind, SIZE), rows)), SIZE, 1, (x, y) => {
      const index = y === bottom && x < 4 ? 9 : y === bottom - 2 && x >= 7 && x < 12 ? 8 : 0;
      return [...seenPalette(index), 255];
    });
  });

  it('is cut off at the right edge', () => {
    const kind = { headerBytes: 40, bitCount: 8, compression: 1, palette: paletteOf(256) };
    const rows = Uint8Array.from(Array.from({ length: SIZE.height }, () => [255, 7, 0, 0]).flat());
    expectMeans(decoded(bmpOf(dibHead(kind, SIZE), rows)), SIZE, 1, () => [...seenPalette(7), 255]);
  });

  it('never throws or goes on for long, whatever byte is changed', () => {
    for (const [, { bits, kind, word }] of RLE_CASES) {
      const bytes = bmpOf(dibHead(kind, SIZE), rleRows(bits, SIZE, word));
      const header = bmpHeaderOf(bytes);
      for (let at = header.bitmap.dataAt; at < bytes.length; at += 3) {
        atOnce(decodeBmp(bytes.with(at, (bytes[at] ?? 0) ^ (1 << (at % 8))), header, 2));
      }
    }
  });
});

describe('a BMP that is no bitmap', () => {
  it.each([
    ['a JPEG', 4, 0],
    ['a PNG', 5, 0],
  ])('is told to hold %s file', (what, compression, bitCount) => {
    const kind = { headerBytes: 40, bitCount, compression };
    expect(sniff(bmpOf(dibHead(kind, SIZE), new Uint8Array(9)))).toEqual({
      kind: 'unsupported',
      what: `A BMP that holds ${what} file`,
    });
  });

  it('is told to be of a kind that is not read, where it is a fax', () => {
    const kind = { headerBytes: 64, bitCount: 1, compression: 3, palette: paletteOf(2) };
    expect(sniff(bmpOf(dibHead(kind, SIZE), new Uint8Array(9)))).toMatchObject({ kind: 'unsupported' });
  });
});

const hidden = (x: number, y: number) => (x + 2 * y) % 3 === 0;
const isHidden: Word = (x, y) => Number(hidden(x, y));
const withMask =
  ({ seen }: Case): Case['seen'] =>
  (x, y) => {
    const [red, green, blue] = seen(x, y);
    return [red, green, blue, hidden(x, y) ? 0 : 255];
  };

const BELOW_32: readonly (readonly [string, Case])[] = [
  ...[1, 4, 8].map((bits) => [`${bits} bits`, indexed(40, bits)] as const),
  ['16 bits', masked({ headerBytes: 40, bitCount: 16 }, MASKS['555'])],
  ['24 bits', direct24(40)],
];

function icon(picture: Uint8Array, type = 1): Uint8Array {
  return ico([[picture, 16]], type);
}

function decodedIcon(bytes: Uint8Array, by: Shrink = 1) {
  const header = icoHeaderOf(bytes);
  return atOnce(decodeIconBitmap(bytes, header, by));
}

describe("an icon's bitmap", () => {
  it.each(BELOW_32)('is transparent where its mask says so: %s', (_, one) => {
    const bytes = icon(iconDib(one.kind, SIZE, one.word, isHidden));
    for (const by of SHRINKS) expectMeans(decodedIcon(bytes, by), SIZE, by, withMask(one), 1);
  });

  const argb = (alpha: (x: number, y: number) => number, shown = alpha) =>
    masked({ headerBytes: 40, bitCount: 32 }, MASKS['8888'], alpha, shown);

  it('has its own alpha at 32 bits, whatever the mask says', () => {
    const one = argb(half);
    for (const mask of [isHidden, () => 0, () => 1]) {
      const bytes = icon(iconDib(one.kind, SIZE, one.word, mask));
      for (const by of SHRINKS) expectMeans(decodedIcon(bytes, by), SIZE, by, one.seen);
    }
  });

  it('goes by the mask at 32 bits where its alpha is 0 everywhere', () => {
    const one = argb(() => 0, opaque);
    const bytes = icon(iconDib(one.kind, SIZE, one.word, isHidden));
    for (const by of SHRINKS) expectMeans(decodedIcon(bytes, by), SIZE, by, withMask(one));
  });

  it('is opaque where there is no mask', () => {
    const one = direct24(40);
    const whole = iconDib(one.kind, SIZE, one.word, isHidden);
    const maskBytes = 8 * SIZE.height;
    expectMeans(decodedIcon(icon(whole.slice(0, -maskBytes))), SIZE, 1, one.seen);
    expect(decodedIcon(icon(whole.slice(0, -maskBytes - 4)))).toBeUndefined();
  });

  it('may be larger than a directory can say', () => {
    const size = { width: 300, height: 260 };
    const one = argb(half);
    const bytes = icon(iconDib(one.kind, size, one.word, isHidden));
    expectMeans(decodedIcon(bytes, 4), size, 4, one.seen);
  });

  it('is as long as it has to be, whatever the directory says', () => {
    const one = direct24(40);
    const bytes = icon(iconDib(one.kind, SIZE, one.word, isHidden));
    for (const length of [0, 40, 100, 2 ** 31]) {
      const lying = bytes.slice();
      new DataView(lying.buffer).setUint32(14, length, true);
      expectMeans(decodedIcon(lying), SIZE, 1, withMask(one));
    }
  });

  it('is read from a cursor too', () => {
    const one = argb(half);
    expectMeans(decodedIcon(icon(iconDib(one.kind, SIZE, one.word, isHidden), 2)), SIZE, 1, one.seen);
  });
});
