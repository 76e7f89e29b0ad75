/** TIFF, kind by kind and layout by layout, compared with the meaning of the files' numbers. */

import { describe, expect, it } from 'vitest';
import type { TiffHeader } from '../../src/image/header.ts';
import { createMagickDecoder } from '../../src/image/magick/magick.ts';
import { tiffParts } from '../../src/image/parts/tiff.ts';
import type { Pixels } from '../../src/image/pixels.ts';
import { toInput } from '../../src/image/resample/resample.ts';
import type { Shrink } from '../../src/image/shrink.ts';
import { decodeTiff } from '../../src/image/tiff/decode.ts';
import { tiffBytes } from '../../src/image/tiff/memory.ts';
import { decodeTiffPieces } from '../../src/image/tiff/pieces.ts';
import { UNHURRIED } from '../../src/image/turns.ts';
import { type Fax, fax } from '../pictures/fax.ts';
import { provided } from '../pictures/provided.ts';
import { reversedBits } from '../pictures/tiff-codes.ts';
import { fileOf, long, short, type TiffLayout, tiffFile } from '../pictures/tiff-file.ts';
import { ORIENTATIONS, turned } from '../pictures/turned.ts';
import { headerOf } from './stills.ts';
import { KINDS, type Rgb, type TiffKind } from './tiff-kinds.ts';

/** Not a whole number of bytes, tiles or strips. */
const SIZE = { width: 21, height: 19 };
const TILE = { width: 16, height: 16 };

const COMPRESSIONS = ['none', 'packbits', 'lzw', 'old-lzw', 'deflate'] as const;

function tiffHeader(bytes: Uint8Array): TiffHeader {
  const header = headerOf(bytes);
  if (header.format !== 'tiff') throw new Error(header.format);
  return header;
}

function decoded(bytes: Uint8Array, by: Shrink = 1): Pixels | undefined {
  return wholeOf(decodeTiff(bytes, tiffHeader(bytes), by));
}

/** Part after part, without pauses. */
function wholeOf(work: ReturnType<typeof decodeTiff>): Pixels | undefined {
  for (let next = work.next(); ; next = work.next()) if (next.done) return next.value;
}

function pixelAt({ data, width, layout }: Pixels, x: number, y: number): number[] {
  const { bytesPerPixel = 4, grey = false } = layout ?? {};
  const at = (y * width + x) * bytesPerPixel;
  return [0, 1, 2].map((channel) => data[at + (grey ? 0 : channel)] ?? -1);
}

/** Largest error of a component, of 255. */
function mostOff(pixels: Pixels | undefined, seen: (x: number, y: number) => Rgb): number {
  if (pixels === undefined) return Number.NaN;
  let most = 0;
  for (let y = 0; y < pixels.height; y++) {
    for (let x = 0; x < pixels.width; x++) {
      const wanted = seen(x, y);
      for (const [channel, value] of pixelAt(pixels, x, y).entries()) {
        most = Math.max(most, Math.abs(value - (wanted[channel] ?? 0)));
      }
    }
  }
  return most;
}

/** How many components differ; for a million pixels this needs a plain loop. */
function differences(one: Pixels, other: Pixels): number {
  const [from, to] = [one, other].map(({ layout }) => layout ?? { bytesPerPixel: 4, grey: false });
  if (from === undefined || to === undefined || one.width !== other.width || one.height !== other.height) {
    return Number.NaN;
  }
  let count = 0;
  for (let i = 0; i < one.width * one.height; i++) {
    for (let channel = 0; channel < 3; channel++) {
      const here = one.data[i * from.bytesPerPixel + (from.grey ? 0 : channel)];
      const there = other.data[i * to.bytesPerPixel + (to.grey ? 0 : channel)];
      if (here !== there) count += 1;
    }
  }
  return count;
}

/** The picture reduced by `by` × `by` pixels, or by the pixels that exist at the edge. */
function shrunk(seen: TiffKind['seen'], by: number): TiffKind['seen'] {
  return (x, y) => {
    const sums = [0, 0, 0];
    let count = 0;
    for (let down = y * by; down < Math.min((y + 1) * by, SIZE.height); down++) {
      for (let across = x * by; across < Math.min((x + 1) * by, SIZE.width); across++, count++) {
        for (const [channel, value] of seen(across, down).entries()) {
          sums[channel] = (sums[channel] ?? 0) + value;
        }
      }
    }
    const [red = 0, green = 0, blue = 0] = sums.map((sum) => sum / count);
    return [red, green, blue];
  };
}

/** Predictors that a kind can have. */
function predictors({ picture }: TiffKind): readonly (1 | 2 | 3)[] {
  if (picture.sampleFormat === 3) return [1, 3];
  const [first = 0] = picture.bits;
  return picture.bits.every((bits) => bits === first) && [8, 16, 32].includes(first) ? [1, 2] : [1];
}

/** Every compression, chunky and planar, in strips and in tiles, each with both byte orders. */
function layoutsOf(kind: TiffKind): TiffLayout[] {
  const several = kind.picture.bits.length > 1;
  return COMPRESSIONS.flatMap((compression) =>
    (several ? [false, true] : [false]).flatMap((planar) => {
      const predicted = ['lzw', 'deflate'].includes(compression) ? predictors(kind) : [1 as const];
      return predicted.flatMap((predictor) => [
        { compression, planar, predictor, order: 'II' as const, rowsPerStrip: 7 },
        { compression, planar, predictor, order: 'MM' as const, tile: TILE },
      ]);
    }),
  );
}

describe('TIFF', () => {
  it.each(Object.entries(KINDS))(
    'shows what its numbers mean, however they are laid out: %s',
    async (_, kind) => {
      const layouts = layoutsOf(kind);
      expect(layouts.length).toBeGreaterThanOrEqual(10);
      for (const layout of layouts) {
        const pixels = decoded(await tiffFile({ ...kind.picture, ...SIZE }, layout));
        expect(pixels, JSON.stringify(layout)).toMatchObject(SIZE);
        expect(mostOff(pixels, kind.seen), JSON.stringify(layout)).toBeLessThanOrEqual(kind.within + 0.5);
      }
    },
  );

  it.each(['grey 1', 'grey 16', 'rgb 8', 'palette 4', 'cmyk 8', 'rgb 8, alpha straight'])(
    'is made smaller on the way, by means: %s',
    async (name) => {
      const kind = KINDS[name];
      if (kind === undefined) throw new Error(name);
      for (const by of [2, 4, 8] as const) {
        for (const place of [{ rowsPerStrip: 7 }, { rowsPerStrip: 19 }, { tile: TILE }]) {
          const pixels = decoded(await tiffFile({ ...kind.picture, ...SIZE }, place), by);
          expect(pixels).toMatchObject({
            width: Math.ceil(SIZE.width / by),
            height: Math.ceil(SIZE.height / by),
            extent: { width: SIZE.width / by, height: SIZE.height / by },
          });
          expect(mostOff(pixels, shrunk(kind.seen, by))).toBeLessThanOrEqual(kind.within + 0.5);
        }
      }
    },
  );

  it.each(['grey 1', 'grey 16', 'rgb 8', 'palette 4'])(
    'may have the bits of its bytes in the other order: %s',
    async (name) => {
      const kind = KINDS[name];
      if (kind === undefined) throw new Error(name);
      for (const compression of COMPRESSIONS) {
        const file = await tiffFile(
          { ...kind.picture, ...SIZE },
          { compression, lowestBitFirst: true, rowsPerStrip: 7 },
        );
        expect(mostOff(decoded(file), kind.seen), compression).toBeLessThanOrEqual(kind.within + 0.5);
      }
    },
  );

  it('may be a BigTIFF', async () => {
    for (const order of ['II', 'MM'] as const) {
      for (const place of [{ rowsPerStrip: 7 }, { tile: TILE }]) {
        const kind = KINDS['rgb 8'] as TiffKind;
        const file = await tiffFile({ ...kind.picture, ...SIZE }, { order, isBig: true, ...place });
        expect(mostOff(decoded(file), kind.seen)).toBeLessThanOrEqual(1);
      }
    }
  });

  it.each([
    [2, 2],
    [2, 1],
    [1, 2],
    [4, 4],
  ])('may have chroma that %i × %i pixels share', (across, down) => {
    const [columns, rows] = [Math.ceil(SIZE.width / across), Math.ceil(SIZE.height / down)];
    const luma = (x: number, y: number) => 60 + ((x * 5 + y * 3) % 100);
    const chroma = (column: number, row: number) => [100 + 4 * column, 150 - 3 * row];
    const unit = (column: number, row: number) => [
      ...Array.from({ length: across * down }, (_, i) =>
        luma(column * across + (i % across), row * down + Math.floor(i / across)),
      ),
      ...chroma(column, row),
    ];
    const all = (of: (column: number, row: number) => number | number[]) =>
      Uint8Array.from(
        Array.from({ length: columns * rows }, (_, i) => of(i % columns, Math.floor(i / columns))).flat(),
      );
    const lumaPlane = Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, i) =>
      luma(i % SIZE.width, Math.floor(i / SIZE.width)),
    );
    const planes = [lumaPlane, all((c, r) => chroma(c, r)[0] ?? 0), all((c, r) => chroma(c, r)[1] ?? 0)];
    const fields = (planar: number) => [
      ...[short(256, SIZE.width), short(257, SIZE.height), short(258, 8, 8, 8), short(259, 1), short(262, 6)],
      ...[short(277, 3), short(278, SIZE.height), short(284, planar), short(530, across, down)],
    ];
    for (const file of [fileOf([all(unit)], {}, fields(1)), fileOf(planes, {}, fields(2))]) {
      const off = mostOff(decoded(file), (x, y) => {
        const [cb = 0, cr = 0] = chroma(Math.floor(x / across), Math.floor(y / down));
        const [blue, red] = [1.772 * (cb - 128), 1.402 * (cr - 128)];
        const value = luma(x, y);
        return [value + red, value - (0.299 * red + 0.114 * blue) / 0.587, value + blue];
      });
      expect(off).toBeLessThanOrEqual(1.5);
    }
  });

  it('is the same picture in every orientation', async () => {
    const rgb = Uint8Array.from({ length: SIZE.width * SIZE.height * 3 }, (_, i) => (i * i * 7) % 251);
    const inputs: Float32Array[] = [];
    for (const orientation of ORIENTATIONS) {
      const { data, width, height } = turned(rgb, SIZE, orientation);
      const pixel = (x: number, y: number) => [
        ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
      ];
      const kind = {
        photometric: 2,
        bits: [8, 8, 8],
        fields: [short(274, orientation)],
        pixel,
        width,
        height,
      };
      const file = await tiffFile(kind, { compression: 'lzw', rowsPerStrip: 4 });
      expect(tiffHeader(file).orientation).toBe(orientation);
      const pixels = decoded(file);
      if (pixels === undefined) throw new Error(`orientation ${orientation}`);
      inputs.push(toInput(pixels, tiffHeader(file).orientation));
    }
    for (const input of inputs) {
      expect(input.findIndex((value, i) => Math.abs(value - (inputs[0]?.[i] ?? 2)) > 1e-5)).toBe(-1);
    }
  });
});

describe('a fax in TIFF', () => {
  /** Runs of every length up to 8 and some of thousands, rows like those above and rows unlike them. */
  const SHEET = { width: 5300, height: 24 };
  const isBlack = (x: number, y: number) => {
    if (y % 6 === 5) return x > 60 && x < 4000 + y;
    if (y % 6 === 4) return false;
    if (x > 700) return Math.floor((x + y) / 97) % 9 === 0;
    return (x * x + 3 * (y >> 1) * x) % 11 < 4;
  };
  const rows = Array.from({ length: SHEET.height }, (_, y) =>
    Array.from({ length: SHEET.width }, (_, x) => isBlack(x, y)),
  );
  const KIND = { rle: [2, 0], g3: [3, 0], 'g3-2d': [3, 1], g4: [4, 0] } as const;

  function sheet(kind: Fax, rowsPerStrip: number, lowestBitFirst = false): Uint8Array {
    const strips: Uint8Array[] = [];
    for (let top = 0; top < SHEET.height; top += rowsPerStrip) {
      strips.push(fax(rows.slice(top, top + rowsPerStrip), kind));
    }
    const [compression, options] = KIND[kind];
    return fileOf(lowestBitFirst ? strips.map(reversedBits) : strips, {}, [
      ...[short(256, SHEET.width), short(257, SHEET.height), short(258, 1), short(259, compression)],
      ...[short(262, 0), short(278, rowsPerStrip), long(292, options)],
      ...(lowestBitFirst ? [short(266, 2)] : []),
    ]);
  }

  const off = (file: Uint8Array) =>
    mostOff(decoded(file), (x, y) => (isBlack(x, y) ? [0, 0, 0] : [255, 255, 255]));

  it.each(['rle', 'g3', 'g3-2d', 'g4'] as const)('is black where it was drawn: %s', (kind) => {
    for (const rowsPerStrip of [24, 7]) expect(off(sheet(kind, rowsPerStrip))).toBe(0);
    expect(off(sheet(kind, 24, true))).toBe(0);
  });

  it.each(['rle', 'g3', 'g3-2d', 'g4'] as const)(
    'is not read when it ends too early, nor throws: %s',
    (kind) => {
      const file = sheet(kind, 24);
      const header = tiffHeader(file);
      expect(decoded(file.slice(0, -40))).toBeUndefined();
      for (let at = 200; at < file.length; at += 13) {
        expect(() => wholeOf(decodeTiff(file.with(at, 255 - (file[at] ?? 0)), header, 4))).not.toThrow();
      }
    },
  );

  it('is what libtiff makes of its own encoder', async () => {
    const bytes = provided('tiff, fax');
    const whole = await createMagickDecoder().decode(
      { format: 'tiff', bytes, limitBytes: 40 * 2 ** 20 },
      (pixels) => ({ ...pixels, data: pixels.data.slice() }),
    );
    if (!whole.ok) throw new Error('magick does not read it');
    const pixels = decoded(bytes);
    expect(pixels && differences(pixels, whole.value)).toBe(0);
  });

  it('of A4 at 300 dpi in one strip takes some megabytes, in any colours', async () => {
    const page = { width: 2480, height: 3508 };
    const line = Array.from({ length: page.width }, (_, x) => x % 310 < 40);
    const file = fileOf(
      [
        fax(
          Array.from({ length: page.height }, () => line),
          'g4',
        ),
      ],
      {},
      [
        ...[short(256, page.width), short(257, page.height), short(259, 4), short(262, 0)],
        short(278, page.height),
      ],
    );
    const header = tiffHeader(file);
    const pixels = wholeOf(decodeTiff(file, header, 4));
    expect(pixels).toMatchObject({ width: 620, height: 877 });
    expect(pixels && pixelAt(pixels, 1, 800)).toEqual([0, 0, 0]);
    expect(pixels && pixelAt(pixels, 30, 800)).toEqual([255, 255, 255]);
    expect(tiffBytes(header, 4, file.length)).toBeLessThan(3 * 2 ** 20);
    const colour = {
      ...header,
      compression: 'lzw',
      photometric: 'rgb',
      components: 3,
      bitsPerSample: [8, 8, 8],
    } as const;
    expect(tiffBytes({ ...colour, bitDepth: 8 }, 4, 2 ** 24)).toBeLessThan(4 * 2 ** 20);
  });
});

describe('a broken TIFF', () => {
  const kind = KINDS['rgb 8'] as TiffKind;
  const of = (layout: TiffLayout, size = SIZE) => tiffFile({ ...kind.picture, ...size }, layout);

  it.each(COMPRESSIONS)('is not read when its data end too early: %s', async (compression) => {
    for (const place of [{ rowsPerStrip: 7 }, { rowsPerStrip: 19 }, { tile: TILE }]) {
      for (const planar of [false, true]) {
        const file = await of({ compression, planar, ...place });
        expect(decoded(file)).toBeDefined();
        // Only some rows of the last tile are in the picture.
        expect(decoded(file.slice(0, Math.floor(file.length * 0.8))), JSON.stringify(place)).toBeUndefined();
      }
    }
  });

  it('is not read when its strips lie', async () => {
    const strip = new Uint8Array(21 * 3 * 19).fill(99);
    const fields = (...more: ReturnType<typeof short>[]) => [
      ...[short(256, 21), short(257, 19), short(258, 8, 8, 8), short(259, 1), short(262, 2), short(277, 3)],
      ...more,
    ];
    const one = (...more: ReturnType<typeof short>[]) => decoded(fileOf([strip], {}, fields(...more)));
    expect(one()).toMatchObject(SIZE);
    // Of two rows each, of which only the first is listed.
    expect(one(short(278, 2))).toBeUndefined();
    const at = fileOf([strip], {}, fields()).length - strip.length;
    const listed = (...more: ReturnType<typeof long>[]) => {
      const file = fileOf(
        [],
        {},
        [...fields(), ...more].filter(({ tag }) => tag !== 0),
      );
      return wholeOf(decodeTiff(file, { ...tiffHeader(file) }, 1));
    };
    expect(listed(long(273, 0xffff_ffff), long(279, 21))).toBeUndefined();
    expect(listed(long(273, at), long(279, 0xffff_ffff))).toBeUndefined();
  });

  it('is read where the length of its only strip is left out, or 0', async () => {
    const strip = new Uint8Array(21 * 3 * 19).fill(99);
    const fields = [
      short(256, 21),
      short(257, 19),
      short(258, 8, 8, 8),
      short(259, 1),
      short(262, 2),
      short(277, 3),
    ];
    const directory = (...more: ReturnType<typeof long>[]) => {
      const head = (at: number) =>
        fileOf(
          [],
          {},
          [...fields, ...more, long(273, at)].sort((a, b) => a.tag - b.tag),
        );
      const bytes = head(head(1).length);
      return Uint8Array.of(...bytes, ...strip);
    };
    for (const file of [directory(), directory(long(279, 0))]) {
      expect(mostOff(decoded(file), () => [99, 99, 99])).toBe(0);
    }
  });

  it.each(COMPRESSIONS)('never makes the reader throw, whatever byte is changed: %s', async (compression) => {
    for (const layout of [{ rowsPerStrip: 7 }, { tile: TILE, planar: true }]) {
      const file = await of({ compression, ...layout });
      const header = tiffHeader(file);
      for (let at = 8; at < file.length; at += 3) {
        for (const value of [0, 0x7f, 0xff])
          expect(() => wholeOf(decodeTiff(file.with(at, value), header, 4))).not.toThrow();
      }
    }
  });

  it('takes no more memory than the account has for it, whatever its tiles say', async () => {
    const file = await of({ tile: { width: 1 << 14, height: 16 } });
    expect(tiffBytes(tiffHeader(file), 1, file.length)).toBeGreaterThan((1 << 14) * 3 * 2);
    expect(tiffBytes(tiffHeader(await of({})), 1, 0)).toBeLessThan(2 ** 21);
  });
});

describe('TIFF by magick', () => {
  const magick = createMagickDecoder();
  const limitBytes = 40 * 2 ** 20;

  it.each(['jpeg in strips', 'jpeg in tiles', 'jpeg cmyk', 'fax'])(
    'is the same in pieces as whole, and without all that is beside the picture: %s',
    async (name) => {
      const bytes = provided(`tiff, ${name}`);
      const header = tiffHeader(bytes);
      const copy = (pixels: Pixels) => ({ ...pixels, data: pixels.data.slice() });
      const parts = tiffParts(bytes, header);
      const joined = new Uint8Array(await new Blob(parts.map((part) => Uint8Array.from(part))).arrayBuffer());
      const { space: _, ...rest } = header;
      expect(tiffHeader(joined)).toEqual({ ...rest, orientation: 1 });
      const whole = await magick.decode({ format: 'tiff', bytes: joined, limitBytes }, copy);
      expect(whole).toMatchObject({ ok: true, value: { width: header.width, height: header.height } });
      if (!whole.ok) return;
      const pieces = await decodeTiffPieces(magick, bytes, header, 1, UNHURRIED);
      expect(pieces && differences(pieces, whole.value)).toBe(0);
      const small = await decodeTiffPieces(magick, bytes, header, 4, UNHURRIED);
      expect(small).toMatchObject({
        width: Math.ceil(header.width / 4),
        height: Math.ceil(header.height / 4),
      });
    },
  );

  it('is not read in pieces when one is broken', async () => {
    const bytes = provided('tiff, jpeg in strips');
    const header = tiffHeader(bytes);
    expect(
      await decodeTiffPieces(magick, bytes.slice(0, bytes.length >> 1), header, 4, UNHURRIED),
    ).toBeUndefined();
  });
});
