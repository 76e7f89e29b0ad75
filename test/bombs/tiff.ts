/** TIFFs with too many pieces, directories without end, and pieces that expand (TIFF 6.0). */
import { deflateSync } from 'node:zlib';
import { be16, be32, frame, SOI, segment } from '../image/headers.ts';
import { lzw } from '../pictures/tiff-codes.ts';
import { type Bomb, BYTE_SIZES, filledWith, joined, MIB, times } from './bomb.ts';
import { EMPTY_BLOCKS, zlibAfter, zlibOfZeros } from './deflate.ts';

const [SHORT, LONG] = [3, 4];
const TAG = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  strips: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  tileWidth: 322,
  tileHeight: 323,
  tiles: 324,
  tileBytes: 325,
} as const;
const COMPRESSION = {
  none: 1,
  'ccitt-g3': 3,
  'ccitt-g4': 4,
  lzw: 5,
  jpeg: 7,
  deflate: 8,
  packbits: 32_773,
} as const;

/** One value, or that many equal values; or the given bytes, four per value. */
type Entry = readonly [tag: number, type: number, value: number | Uint8Array, count?: number];

/** A file with one directory, big-endian: data first, then the tables, then the directory. */
function tiff(data: Uint8Array, entries: readonly Entry[]): Uint8Array {
  const head = 8;
  const parts: Uint8Array[] = [];
  let at = head + data.length + (data.length % 2);
  const directory = entries.map(([tag, type, value, count = 1]) => {
    const one =
      type === SHORT && typeof value === 'number'
        ? [...be16(value), 0, 0]
        : typeof value === 'number'
          ? be32(value)
          : [];
    const many = typeof value === 'number' ? (count > 1 ? times(be32(value), count) : undefined) : value;
    if (many === undefined) return [...be16(tag), ...be16(type), ...be32(1), ...one];
    parts.push(many);
    at += many.length;
    return [...be16(tag), ...be16(type), ...be32(many.length / 4), ...be32(at - many.length)];
  });
  return joined(
    'MM',
    [0, 42],
    be32(at),
    data,
    data.length % 2 === 0 ? [] : [0],
    ...parts,
    be16(entries.length),
    ...directory,
    be32(0),
  );
}

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly bits?: number;
  readonly compression?: keyof typeof COMPRESSION;
}

function kind({ width, height, bits = 8, compression = 'none' }: Picture): readonly Entry[] {
  return [
    [TAG.width, LONG, width],
    [TAG.height, LONG, height],
    [TAG.bits, SHORT, bits],
    [TAG.compression, SHORT, COMPRESSION[compression]],
    [TAG.photometric, SHORT, 1],
    [TAG.samples, SHORT, 1],
  ];
}

/** Any data will do, even the file's header: they begin at 8. */
const DATA_AT = 8;

/** Tiles of this many pixels, all with the same data. */
function tiled(picture: Picture, side: number, data: Uint8Array): Uint8Array {
  const count = Math.ceil(picture.width / side) * Math.ceil(picture.height / side);
  return tiff(data, [
    ...kind(picture),
    [TAG.tileWidth, LONG, side],
    [TAG.tileHeight, LONG, side],
    [TAG.tiles, LONG, DATA_AT, count],
    [TAG.tileBytes, LONG, data.length, count],
  ]);
}

/** One strip, or strips of this many rows, all with the same data. */
function stripped(
  picture: Picture,
  data: Uint8Array,
  rowsPerStrip = picture.height,
  tableEntries = 0,
): Uint8Array {
  const count = Math.max(tableEntries, Math.ceil(picture.height / rowsPerStrip));
  return tiff(data, [
    ...kind(picture),
    [TAG.strips, LONG, DATA_AT, count],
    [TAG.rowsPerStrip, LONG, rowsPerStrip],
    [TAG.stripBytes, LONG, data.length, count],
  ]);
}

const SMALL = { width: 320, height: 240 } as const;
const ROWS = new Uint8Array(SMALL.width * SMALL.height);

const tiles: readonly Bomb[] = (
  [
    ['none', Uint8Array.of(128)],
    ['packbits', Uint8Array.of(0, 128)],
    ['lzw', lzw(Uint8Array.of(128))],
    ['deflate', deflateSync(Uint8Array.of(128))],
  ] as const
).map(
  ([compression, data]): Bomb => ({
    name: `TIFF: tiles of one pixel, ${compression}`,
    sizes: [320, 1000, 1500],
    unit: 'tiles across',
    make: (width) => tiled({ width, height: width, compression }, 1, data),
  }),
);

/** A complete grey JPEG of one block. */
function blockJpeg(between: Uint8Array = new Uint8Array(), side = 8): Uint8Array {
  const one = [1, ...new Array<number>(15).fill(0), 0];
  return joined(
    ...[SOI, segment(0xdb, [0, ...times([1], 64)]), frame({ width: side, height: side, factors: [0x11] })],
    ...[segment(0xc4, [0, ...one]), segment(0xc4, [0x10, ...one]), between],
    ...[segment(0xda, [1, 1, 0, 0, 63, 0]), new Uint8Array(Math.ceil((side / 8) ** 2 / 4) + 1), [0xff, 0xd9]],
  );
}

const expanding: readonly Bomb[] = [
  {
    name: 'TIFF: a strip that inflates without end',
    sizes: [100, 1000, 18_000],
    unit: 'MiB inflated',
    make: (mebibytes) => stripped({ ...SMALL, compression: 'deflate' }, zlibOfZeros(mebibytes, ROWS)),
  },
  {
    name: 'TIFF: strips that are one, which inflates to a gigabyte',
    sizes: [240],
    unit: 'strips',
    make: (height) => stripped({ ...SMALL, height, compression: 'deflate' }, zlibOfZeros(1000), 1),
  },
  ...Object.entries(EMPTY_BLOCKS).flatMap(([what, piece]): Bomb[] => [
    {
      name: `TIFF: ${what}`,
      sizes: BYTE_SIZES,
      unit: 'bytes',
      make: (bytes) => stripped({ ...SMALL, compression: 'deflate' }, zlibAfter(piece, bytes - 2000, ROWS)),
    },
    {
      name: `TIFF: strips that are one, of ${what}`,
      sizes: [64 * 1024, MIB],
      unit: 'bytes',
      make: (bytes) => stripped({ ...SMALL, compression: 'deflate' }, zlibAfter(piece, bytes, ROWS), 1),
    },
  ]),
  ...(
    [
      ['clear codes of LZW', 'lzw', [0x80, 0x40, 0x20, 0x10, 0x08, 0x04, 0x02, 0x01, 0x00]],
      ['heads of PackBits that stand for nothing', 'packbits', [128]],
      ['runs of PackBits behind the last row', 'packbits', [129, 7]],
      ['ends of lines of a fax', 'ccitt-g3', [0, 1]],
      [
        'codes of a fax for no pixels',
        'ccitt-g3',
        [0x35, 0x0d, 0xc3, 0x50, 0xdc, 0x35, 0x0d, 0xc3, 0x50, 0xdc],
      ],
      ['pass modes of a fax', 'ccitt-g4', [0x11]],
      ['vertical modes of a fax', 'ccitt-g4', [0xff]],
      ['zeros for a fax', 'ccitt-g4', [0]],
    ] as const
  ).flatMap(([what, compression, piece]): Bomb[] => {
    const bits = compression.startsWith('ccitt') ? 1 : 8;
    const picture = { ...SMALL, compression, bits } as const;
    return [
      {
        name: `TIFF: ${what}`,
        sizes: BYTE_SIZES,
        unit: 'bytes',
        make: (bytes) => stripped(picture, filledWith(piece, bytes - 2000)),
      },
      {
        name: `TIFF: strips that are one, of ${what}`,
        sizes: [64 * 1024, MIB],
        unit: 'bytes',
        make: (bytes) => stripped(picture, filledWith(piece, bytes - 2000), 1),
      },
    ];
  }),
];

const jpegs: readonly Bomb[] = [
  {
    name: 'TIFF: tiles of JPEG that are one',
    sizes: [80, 200, 500],
    unit: 'tiles across',
    make: (across) =>
      tiled({ width: 16 * across, height: 16 * across, compression: 'jpeg' }, 16, blockJpeg(undefined, 16)),
  },
  {
    name: 'TIFF: strips of JPEG that are one',
    sizes: [1000, 8000],
    unit: 'strips',
    make: (strips) => stripped({ width: 8, height: 8 * strips, compression: 'jpeg' }, blockJpeg(), 8),
  },
  {
    name: 'TIFF: a strip of JPEG of many tables',
    sizes: BYTE_SIZES,
    unit: 'bytes',
    make: (bytes) => {
      const tables = filledWith(segment(0xc4, [0x11, 1, ...times([0], 16)]), bytes - 2000);
      return stripped({ width: 8, height: 8, compression: 'jpeg' }, blockJpeg(tables));
    },
  },
  {
    name: 'TIFF: a strip of JPEG of many scans',
    sizes: [1000, 60_000, 1_000_000],
    unit: 'scans',
    make: (count) => {
      const own = frame({ marker: 0xc2, width: 640, height: 480, factors: [0x11] });
      const tables = [segment(0xc4, [0, 1, ...times([0], 16)]), segment(0xc4, [0x10, 1, ...times([0], 16)])];
      const first = [...segment(0xda, [1, 1, 0, 0, 0, 0]), ...times([0], 600)];
      const more = [...segment(0xda, [1, 1, 0, 1, 63, 0]), 0];
      const data = joined(
        SOI,
        segment(0xdb, [0, ...times([1], 64)]),
        own,
        ...tables,
        first,
        times(more, count),
        [0xff, 0xd9],
      );
      return stripped({ width: 640, height: 480, compression: 'jpeg' }, data);
    },
  },
  {
    name: 'TIFF: a strip of JPEG of restart markers',
    sizes: BYTE_SIZES,
    unit: 'bytes',
    make: (bytes) => {
      const one = [1, ...new Array<number>(15).fill(0), 0];
      const data = joined(
        ...[SOI, segment(0xdb, [0, ...times([1], 64)]), frame({ width: 640, height: 480, factors: [0x11] })],
        ...[segment(0xc4, [0, ...one]), segment(0xc4, [0x10, ...one]), segment(0xdd, [0, 1])],
        segment(0xda, [1, 1, 0, 0, 63, 0]),
        filledWith(Array.from({ length: 8 }, (_, i) => [0, 0xff, 0xd0 + i]).flat(), bytes - 2000),
        [0xff, 0xd9],
      );
      return stripped({ width: 640, height: 480, compression: 'jpeg' }, data);
    },
  },
  {
    name: 'TIFF: a strip of JPEG that is a larger picture',
    sizes: [1000, 8000, 16_000],
    unit: 'pixels wide',
    make: (side) => stripped({ width: 320, height: 240, compression: 'jpeg' }, blockJpeg(undefined, side)),
  },
];

const DIRECTORY_BYTES = 6;

/** A chain of directories, of which the first is a picture. */
function chain(count: number, isRing: boolean): Uint8Array {
  const picture = stripped(SMALL, ROWS);
  const next = picture.length;
  const patched = picture.slice();
  new DataView(patched.buffer).setUint32(picture.length - 4, next);
  // Each without entries.
  const directories = new Uint8Array(DIRECTORY_BYTES * count);
  const view = new DataView(directories.buffer);
  for (let i = 0; i < count; i++) {
    const last = isRing ? next : 0;
    view.setUint32(DIRECTORY_BYTES * i + 2, i + 1 < count ? next + DIRECTORY_BYTES * (i + 1) : last);
  }
  return joined(patched, directories);
}

const tables: readonly Bomb[] = [
  {
    name: 'TIFF: a strip table longer than its picture',
    sizes: [10_000, 600_000, 2_500_000],
    unit: 'entries',
    make: (entries) => stripped(SMALL, ROWS, SMALL.height, entries),
  },
  {
    name: 'TIFF: strips of a row that are one',
    sizes: [1000, 65_000],
    unit: 'strips',
    make: (height) => stripped({ width: 300, height, compression: 'lzw' }, lzw(new Uint8Array(300)), 1),
  },
  {
    name: 'TIFF: a directory of 65,535 entries',
    sizes: [65_535],
    unit: 'entries',
    make: (count) => {
      const own = kind(SMALL);
      const filler = Array.from({ length: count - own.length - 3 }, (): Entry => [1, SHORT, 1]);
      return tiff(ROWS, [
        ...filler,
        ...own,
        [TAG.strips, LONG, DATA_AT],
        [TAG.rowsPerStrip, LONG, 240],
        [TAG.stripBytes, LONG, ROWS.length],
      ]);
    },
  },
  {
    name: 'TIFF: a chain of directories',
    sizes: [1000, 1_000_000],
    unit: 'directories',
    make: (count) => chain(count, false),
  },
  {
    name: 'TIFF: a ring of directories',
    sizes: [1, 1_000_000],
    unit: 'directories',
    make: (count) => chain(count, true),
  },
  {
    name: 'TIFF: tiles far larger than their picture',
    sizes: [4096, 65_000],
    unit: 'pixels wide',
    make: (side) =>
      tiled(
        { width: 64, height: 64, compression: 'deflate' },
        side,
        zlibOfZeros(Math.ceil((64 * side) / MIB) + 1),
      ),
  },
  {
    name: 'TIFF: one strip of 12 and 24 megapixels, deflated',
    sizes: [3500, 4900],
    unit: 'pixels wide',
    make: (width) =>
      stripped(
        { width, height: width, compression: 'deflate' },
        zlibOfZeros(Math.ceil(width ** 2 / MIB) + 1),
      ),
  },
];

export const TIFF_BOMBS: readonly Bomb[] = [...tiles, ...expanding, ...jpegs, ...tables];
