/**
 * What header readers keep and how often they read it: for each format, files that have more of something than the
 * format can mean, and next to each one with as much as is allowed.
 */
import { constants, deflateRawSync, deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sequenceOf } from '../../src/image/av1/sequence-header.ts';
import { spaceOf } from '../../src/image/colour/space.ts';
import { previewsAt } from '../../src/image/headers/jpeg-previews.ts';
import { readScan } from '../../src/image/headers/jpeg-scan.ts';
import { MAX_SEGMENTS, segmentsOf } from '../../src/image/headers/jpeg-segments.ts';
import { MAX_CHUNKS } from '../../src/image/headers/png-chunks.ts';
import { codedPieces } from '../../src/image/heif/coded.ts';
import { hevcSize } from '../../src/image/heif/hevc-size.ts';
import { inflate } from '../../src/image/inflate/inflate.ts';
import { sniff } from '../../src/image/sniff.ts';
import { atOnce } from '../../src/image/turns.ts';
import { HEIC_CLOCK } from '../pictures/heic.ts';
import { provided } from '../pictures/provided.ts';
import { BYTE, bigTiff } from '../pictures/tiff.ts';
import { long, short, fileOf as tiffOf } from '../pictures/tiff-file.ts';
import { box, gridData, type HeifFile, heif, hvcC, type Item, ispe } from './boxes.ts';
import { bytesOf, chunk, IDAT, ihdr, PNG_SIGNATURE, SOI, segment } from './headers.ts';
import { fileOf, single } from './heif-files.ts';
import { headerOf } from './stills.ts';

/** Offset of the first segment of a JPEG. */
const FIRST_AT = 2;

function withAtStart(jpeg: Uint8Array, ...pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat([jpeg.subarray(0, FIRST_AT), ...pieces, jpeg.subarray(FIRST_AT)]));
}

function repeated(piece: Uint8Array, count: number): Uint8Array {
  const all = new Uint8Array(piece.length * count);
  for (let i = 0; i < count; i++) all.set(piece, i * piece.length);
  return all;
}

function reasonOf(bytes: Uint8Array): string {
  const sniffed = sniff(bytes);
  return sniffed.kind === 'broken' ? sniffed.reason : sniffed.kind;
}

describe('JPEG', () => {
  const sequential = provided('crossword.jpeg-420');
  const progressive = provided('crossword.jpeg-progressive');
  const empty = Uint8Array.from(segment(0xe5));
  /** A table of codes for each class and an unused number, as short as possible. */
  const noCodes = Uint8Array.from(segment(0xc4, new Array<number>(17).fill(0)));
  const steps = Uint8Array.from(segment(0xdb, [15, ...new Array<number>(64).fill(1)]));

  it('has so many segments and no more', () => {
    expect(reasonOf(withAtStart(sequential, repeated(empty, 1000)))).toBe('picture');
    const more = withAtStart(sequential, repeated(empty, MAX_SEGMENTS));
    expect(reasonOf(more)).toContain('10000 segments');
    expect([...segmentsOf(more)]).toHaveLength(MAX_SEGMENTS);
    expect(readScan(more)).toBeUndefined();
  });

  it.each([
    ['codes', noCodes],
    ['steps', steps],
  ])('has so many tables of %s and no more', (_name, table) => {
    expect(readScan(withAtStart(sequential, repeated(table, 50)))).toBeDefined();
    expect(readScan(withAtStart(sequential, repeated(table, 65)))).toBeUndefined();
    expect(reasonOf(withAtStart(progressive, repeated(table, 500)))).toBe('picture');
    expect(reasonOf(withAtStart(progressive, repeated(table, 1001)))).toContain('1000 tables');
    // A million in one file, which the decoder would have read one by one.
    expect(reasonOf(withAtStart(sequential, repeated(table, 5000)))).toContain('1000 tables');
  });

  it('counts the tables of codes within one segment too', () => {
    const many = Uint8Array.from(segment(0xc4, new Array<number>(17 * 1001).fill(0)));
    expect(reasonOf(withAtStart(progressive, many))).toContain('1000 tables');
  });

  it.each([
    ['a component twice', [2, 1, 0, 1, 0]],
    ['five components', [5, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0]],
    ['one 255 times', [255, ...Array.from({ length: 255 }, () => [1, 0]).flat()]],
  ])('has no scan with %s', (_name, head) => {
    const scan = segment(0xda, [...head, 0, 0, 0]);
    expect(reasonOf(bytesOf(progressive.subarray(0, -2), scan, [0xff, 0xd9]))).toContain('one twice');
  });

  it('passes over restart markers and stuffed bytes however many there are, up to the marker behind them', () => {
    const data = bytesOf(
      repeated(Uint8Array.of(0xff, 0), 1000),
      repeated(Uint8Array.of(0xff, 0xd0), 3),
      [0xff, 0xff, 7],
    );
    const file = bytesOf(SOI, segment(0xda, [1, 1, 0, 0, 63, 0]), data, [0xff, 0xd9]);
    const [, entropy, end] = [...segmentsOf(file)];
    // A fill byte belongs to the marker after it, and 7 is an undefined one.
    expect(entropy).toMatchObject({ marker: 0, end: file.length - 4 });
    expect(end).toMatchObject({ marker: 7 });
  });

  it('has one preview at one place', () => {
    const file = provided('digital-clock.jpeg-420');
    const place = { start: 0, end: file.length };
    const larger = { width: 4000, height: 3000 };
    expect(previewsAt(file, Array(9).fill(place), larger)).toHaveLength(1);
  });
});

describe('PNG', () => {
  const empty = chunk('teSt');

  it('has so many chunks and no more', () => {
    const png = (count: number) => bytesOf(PNG_SIGNATURE, ihdr(), repeated(empty, count), IDAT);
    expect(reasonOf(png(1000))).toBe('picture');
    expect(reasonOf(png(MAX_CHUNKS))).toContain(`${MAX_CHUNKS} chunks`);
  });

  it('has no profile that unfolds to more than profiles are, or that ends too early', () => {
    const icc = provided('balloon-in-p3.png');
    const header = headerOf(icc);
    expect(spaceOf(icc, header)).toBeDefined();
    if (header.space === undefined || header.space === 'display-p3') throw new Error('no profile');
    const { start, end } = header.space.icc;
    const profile = inflateSync(icc.subarray(start, end));
    const spaceIn = (unfolded: Uint8Array) => {
      const bytes = deflateSync(unfolded);
      return spaceOf(bytes, { ...header, space: { icc: { start: 0, end: bytes.length }, deflated: true } });
    };
    expect(spaceIn(profile)).toBeDefined();
    expect(spaceIn(Buffer.concat([profile, new Uint8Array(64 * 2 ** 20)]))).toBeUndefined();
    // Its own size comes first in it.
    const short = Buffer.from(profile);
    short.writeUInt32BE(profile.length + 4);
    expect(spaceIn(short)).toBeUndefined();
  });
});

describe('deflate', () => {
  const HEAD = [0x78, 0x9c];
  const text = (i: number) => Uint8Array.from({ length: 300 }, (_, at) => (at * at + i * at) % 4);

  function madeOf(stream: Uint8Array): number {
    let made = 0;
    let next: { start: number; end: number } | undefined = { start: 0, end: stream.length };
    const once = () => {
      const only = next;
      next = undefined;
      return only;
    };
    atOnce(
      inflate(stream, once, 0, (_window, from, to) => {
        made += to - from;
        return to;
      }),
    );
    return made;
  }

  it.each([
    // A length of 0 and its complement.
    ['stored', Uint8Array.of(0, 0, 0, 0xff, 0xff), 1],
    // Ten bits: not the last block, 1 for fixed codes, and the end of block, which is seven zeros.
    ['with fixed codes', Uint8Array.of(0x02, 0x08, 0x20, 0x80, 0), 4],
  ])('passes over empty blocks %s, but not over any number', (_name, blocks, count) => {
    const end = deflateRawSync(Uint8Array.of(1, 2, 3));
    expect(madeOf(bytesOf(HEAD, repeated(blocks, 1000 / count), end))).toBe(3);
    expect(madeOf(bytesOf(HEAD, repeated(blocks, 140_000 / count), end))).toBe(0);
  });

  it('has no more blocks with codes of their own than pay', () => {
    const blocks = Array.from({ length: 1600 }, (_, i) =>
      deflateRawSync(text(i), { strategy: constants.Z_HUFFMAN_ONLY, finishFlush: constants.Z_FULL_FLUSH }),
    );
    // Dynamic: the two bits after the first.
    expect(((blocks[0]?.[0] ?? 0) >> 1) & 3).toBe(2);
    expect(madeOf(bytesOf(HEAD, ...blocks.slice(0, 1000)))).toBe(1000 * 300);
    const made = madeOf(bytesOf(HEAD, ...blocks));
    expect(made).toBeGreaterThan(1024 * 300);
    expect(made).toBeLessThan(1600 * 300);
  });
});

describe('TIFF', () => {
  const RGB = [short(258, 8, 8, 8), short(262, 2), short(277, 3)];

  it('has a directory of as many entries as TIFF can count, in BigTIFF too', () => {
    const unknown = (count: number) =>
      Array.from({ length: count }, () => ({ tag: 60_000, type: BYTE, values: [0] }));
    const file = (count: number) =>
      bigTiff('II', [
        long(256, 8),
        long(257, 8),
        ...RGB,
        short(259, 1),
        long(273, 8),
        long(279, 192),
        ...unknown(count),
      ]);
    expect(reasonOf(file(100))).toBe('picture');
    expect(reasonOf(file(65_536))).toContain('directory');
  });

  it('has so many tiles and no more', () => {
    const file = (side: number) =>
      tiffOf([new Uint8Array(3)], { tile: { width: 1, height: 1 } }, [
        long(256, side),
        long(257, side),
        ...RGB,
        short(259, 1),
        short(322, 1),
        short(323, 1),
      ]);
    expect(reasonOf(file(316))).toBe('picture');
    expect(reasonOf(file(317))).toContain('100000 are not read');
  });

  it.each([
    ['strips', {}, [short(278, 1)]],
    ['tiles', { tile: { width: 16, height: 16 } }, [short(322, 16), short(323, 16)]],
  ])('has no %s that overlap', (_name, layout, fields) => {
    const side = 64;
    const count = 'tile' in layout ? 16 : side;
    const data = deflateSync(new Uint8Array(2000));
    const size = [long(256, side), long(257, side), ...RGB, ...fields];
    const own = tiffOf(Array(count).fill(data), layout, [...size, short(259, 8)]);
    expect(reasonOf(own)).toBe('picture');
    const [offsets, counts] = 'tile' in layout ? [324, 325] : [273, 279];
    const shared = (compression: number) =>
      bytesOf(
        bigTiffWith([
          ...size,
          short(259, compression),
          long(offsets, ...Array(count).fill(0x4000)),
          long(counts, ...Array(count).fill(0x4000)),
        ]),
      );
    expect(reasonOf(shared(8))).toContain('overlap');
    // As they are, no more than their rows is read.
    expect(reasonOf(shared(1))).toBe('picture');
  });

  /** A file of 32 KiB whose second half is data. */
  function bigTiffWith(fields: Parameters<typeof bigTiff>[1]): Uint8Array {
    const directory = bigTiff(
      'II',
      [...fields].sort((one, other) => one.tag - other.tag),
    );
    const file = new Uint8Array(0x8000);
    file.set(directory);
    return file;
  }
});

describe('HEIF', () => {
  const tile = single(provided('tile-0.avif'));
  const GRID: Item = {
    id: 1,
    type: 'grid',
    properties: [ispe(1024, 1024)],
    data: { method: 1, at: 0, bytes: 8 },
  };
  const idat = gridData(2, 2, 1024, 1024);

  function tiles(ids: readonly number[]): Uint8Array {
    const items = [...new Set(ids)].map((id) => ({
      id,
      type: 'av01',
      properties: [tile.configuration, ispe(512, 512)],
      coded: tile.data,
    }));
    return fileOf('avif', [GRID, ...items], [['dimg', 1, ...ids]], idat);
  }

  it('uses a tile once', () => {
    expect(reasonOf(tiles([10, 11, 12, 13]))).toBe('picture');
    expect(reasonOf(tiles([10, 11, 12, 10]))).toContain('a tile more than once');
  });

  it('has tiles with data of their own', () => {
    const shared: HeifFile = {
      brands: ['avif', 'mif1'],
      items: [
        GRID,
        ...[10, 11, 12, 13].map((id) => ({
          id,
          type: 'av01',
          properties: [tile.configuration, ispe(512, 512)],
          data: { at: 1000, bytes: 20_000 },
        })),
      ],
      references: [['dimg', 1, 10, 11, 12, 13]],
      idat,
      after: [box('mdat', new Uint8Array(40_000))],
    };
    expect(reasonOf(heif(shared))).toContain('share their data');
    const apart = {
      ...shared,
      items: (shared.items ?? []).map((item, i) =>
        i === 0 ? item : { ...item, data: { at: 1000 + i * 9000, bytes: 9000 } },
      ),
    };
    expect(reasonOf(heif(apart))).toBe('picture');
  });

  it('has alpha in tiles of which the same is true', () => {
    const header = headerOf(tiles([10, 11, 12, 13]));
    if (header.format !== 'avif') throw new Error(header.format);
    expect(codedPieces(tiles([10, 11, 12, 13]), header, 1)?.pictures).toHaveLength(4);
    expect(codedPieces(tiles([10, 11, 10, 13]), header, 1)).toBeUndefined();
  });

  it('has no configuration of a codec that is larger than any encoder writes', () => {
    const long = (bytes: number) => bytesOf(hvcC().slice(8), new Uint8Array(bytes));
    const file = (bytes: number) =>
      heif({ items: [{ id: 1, type: 'hvc1', properties: [box('hvcC', long(bytes)), ispe()] }] });
    expect(reasonOf(file(4000))).toBe('picture');
    expect(reasonOf(file(20_000))).toContain('bit depth');
  });

  it('has its size in the first bytes of a parameter set', () => {
    const { configuration } = single(HEIC_CLOCK);
    expect(hevcSize(configuration)).toEqual({ width: 320, height: 240 });
  });

  it('has a sequence header of AV1 behind few delimiters', () => {
    const delimiter = Uint8Array.of(0x12, 0);
    expect(sequenceOf(bytesOf(repeated(delimiter, 3), tile.data))).toMatchObject({ width: 512 });
    expect(sequenceOf(bytesOf(repeated(delimiter, 100), tile.data))).toBeUndefined();
  });
});
