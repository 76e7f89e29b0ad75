/** JPEGs with too many scans, tables or segments of any other kind (ISO/IEC 10918-1 Annex B). */
import { be16, frame, SOI, segment } from '../image/headers.ts';
import { exifBlock, LONG, tiff, UNDEFINED } from '../pictures/tiff.ts';
import { type Bomb, BYTE_SIZES, filledWith, joined, LARGEST_BYTES, MIB, times } from './bomb.ts';

const [DHT, DQT, DRI, SOS, COM] = [0xc4, 0xdb, 0xdd, 0xda, 0xfe];
const [SOF0, SOF2, SOF9, SOF10] = [0xc0, 0xc2, 0xc9, 0xca];
const EOI = [0xff, 0xd9];
/** Both tables have one code, a 0: a difference of zero, and the end of a block. */
const ONE_CODE = [1, ...new Array<number>(15).fill(0), 0x00];
/** A 0: the end of a block, or in a progressive scan the end of 2¹⁴ or more blocks by the second code. */
const LONG_RUNS = [1, 1, ...new Array<number>(14).fill(0), 0x00, 0xe0];

const QUANTISATION = segment(DQT, [0, ...new Array<number>(64).fill(1)]);
const CODES = [...segment(DHT, [0x00, ...ONE_CODE]), ...segment(DHT, [0x10, ...ONE_CODE])];
const RUN_CODES = [...segment(DHT, [0x00, ...ONE_CODE]), ...segment(DHT, [0x10, ...LONG_RUNS])];
const FACTORS = [0x11, 0x11, 0x11];
const GREY = [0x11];

interface Scan {
  readonly names: readonly number[];
  readonly band?: readonly [first: number, last: number, positions: number];
}

function scan({ names, band = [0, 63, 0] }: Scan, dataBytes: number): number[] {
  const components = names.flatMap((name) => [name, 0]);
  return [...segment(SOS, [names.length, ...components, ...band]), ...new Array<number>(dataBytes).fill(0)];
}

const small = (marker = SOF0, factors = FACTORS) => frame({ marker, factors });
/** All blocks of a 640×480 picture in two bits each, three components. */
const FLAT_SCAN = scan({ names: [1, 2, 3] }, (80 * 60 * 3 * 2) / 8);
const start = (marker = SOF0, codes = CODES) => [...SOI, ...QUANTISATION, ...small(marker), ...codes];

/** A whole picture with something between its tables and its scan. */
function withSegments(piece: readonly number[], bytes: number): Uint8Array {
  const [head, tail] = [start(), [...FLAT_SCAN, ...EOI]];
  return joined(head, filledWith(piece, bytes - head.length - tail.length), tail);
}

const flood = (name: string, piece: readonly number[]): Bomb => ({
  name: `JPEG: ${name}`,
  sizes: BYTE_SIZES,
  unit: 'bytes',
  make: (bytes) => withSegments(piece, bytes),
});

/** As many tables as fit into a segment. */
const manyCodes = (table: readonly number[]) =>
  segment(DHT, Array.from({ length: Math.floor(65_533 / table.length) }, () => table).flat());

const floods: readonly Bomb[] = [
  flood('Huffman tables, empty', manyCodes([0x00, ...new Array<number>(16).fill(0)])),
  flood('Huffman tables, of a code', manyCodes([0x11, ...ONE_CODE])),
  flood(
    'Huffman tables, of 256 codes',
    manyCodes([0x10, ...new Array<number>(15).fill(0), 255, ...times([7], 255)]),
  ),
  flood('Huffman tables, a segment each', segment(DHT, [0x10, ...ONE_CODE])),
  flood('quantisation tables, a segment each', QUANTISATION),
  flood(
    'quantisation tables',
    segment(DQT, Array.from({ length: 1008 }, () => [1, ...times([3], 64)]).flat()),
  ),
  flood('restart intervals', segment(DRI, [0, 1])),
  flood('restart markers', [0xff, 0xd0, 0xff, 0xd1]),
  flood('fill bytes', [0xff]),
  flood('bytes that are no marker', [0xff, 0x00, 0x55]),
  flood('application segments, empty', segment(0xe5)),
  flood('comments, empty', segment(COM)),
  flood('Exif segments', segment(0xe1, [...joined('Exif\0\0', exifBlock(6))])),
  flood('profile segments', segment(0xe2, [...joined('ICC_PROFILE\0', [1, 1], times([0], 200))])),
  flood('Adobe segments', segment(0xee, [...joined('Adobe', [0, 100, 0, 0, 0, 0, 1])])),
  flood('frame headers', small()),
];

/** libjpeg takes longer for a restart marker than for a block; our own decoder reads no arithmetic codes. */
const restarts: readonly Bomb[] = [SOF0, SOF9].map((marker) => ({
  name: `JPEG: ${marker === SOF9 ? 'arithmetic' : 'four components'}, a restart marker after each byte`,
  sizes: BYTE_SIZES,
  unit: 'bytes',
  make: (bytes) => {
    const factors = marker === SOF9 ? FACTORS : [...FACTORS, 0x11];
    const names = factors.map((_, i) => i + 1);
    const head = [
      ...[...SOI, ...QUANTISATION, ...frame({ marker, factors }), ...CODES, ...segment(DRI, [0, 1])],
      ...scan({ names }, 0),
    ];
    const pieces = times(
      Array.from({ length: 8 }, (_, i) => [0, 0xff, 0xd0 + i]).flat(),
      Math.floor(bytes / 24) - 100,
    );
    return joined(head, pieces, EOI);
  },
}));

const scans: readonly Bomb[] = [
  {
    name: 'JPEG: sequential scans of one component',
    sizes: [90, 1000, 60_000, 1_500_000],
    unit: 'scans',
    make: (count) => joined(start(), times(scan({ names: [2] }, 1), count), EOI),
  },
  {
    name: 'JPEG: sequential scans behind a whole one',
    sizes: [90, 60_000, 1_000_000],
    unit: 'scans',
    make: (count) => joined(start(), FLAT_SCAN, times(scan({ names: [1, 2, 3] }, 1), count), EOI),
  },
  {
    name: 'JPEG: sequential scans behind one without data',
    sizes: [90, 60_000, 1_000_000],
    unit: 'scans',
    make: (count) => joined(start(), times(scan({ names: [1, 2, 3] }, 0), count), EOI),
  },
  ...([SOF0, SOF2, SOF9, SOF10] as const).map((marker): Bomb => {
    const kind = {
      [SOF0]: 'sequential',
      [SOF2]: 'progressive',
      [SOF9]: 'arithmetic',
      [SOF10]: 'progressive arithmetic',
    }[marker];
    const band = marker === SOF2 || marker === SOF10 ? ([0, 0, 0] as const) : ([0, 63, 0] as const);
    return {
      name: `JPEG: ${kind}, a component 255 times in a scan`,
      sizes: [1, 90],
      unit: 'scans',
      make: (count) =>
        joined(
          ...[SOI, QUANTISATION, frame({ marker, width: 4000, height: 3000, factors: FACTORS }), CODES],
          times(scan({ names: new Array<number>(255).fill(1), band }, 1000), count),
          EOI,
        ),
    };
  }),
  ...([SOF2, SOF10] as const).flatMap((marker) =>
    [GREY, FACTORS].map(
      (factors): Bomb => ({
        name: `JPEG: ${marker === SOF2 ? 'progressive' : 'progressive arithmetic'}, ${factors.length === 1 ? 'grey' : 'colour'}, refinement without end`,
        sizes: [10, 90, 99],
        unit: 'scans',
        make: (count) => {
          const size = { width: 4096, height: 3072 };
          const blocks = (size.width * size.height) / 64;
          const runs = Math.ceil(((blocks / 2 ** 14) * 16) / 8) + 4;
          const dc = scan(
            { names: factors.map((_, i) => i + 1), band: [0, 0, 0] },
            (blocks * factors.length) / 8,
          );
          // The code of a run of 2¹⁴ blocks, and 14 more bits.
          const ac = segment(SOS, [1, 1, 0, 1, 63, 1]);
          const refined = segment(SOS, [1, 1, 0, 1, 63, 0x10]);
          const data = new Array<number>(runs).fill(0x80);
          return joined(
            ...[SOI, QUANTISATION, frame({ marker, ...size, factors }), RUN_CODES, dc],
            ...[ac, data, times([...refined, ...data], count - 2), EOI],
          );
        },
      }),
    ),
  ),
  {
    name: 'JPEG: arithmetic, no data, large',
    sizes: [1000, 4000, 8000],
    unit: 'pixels wide',
    make: (width) =>
      joined(
        SOI,
        QUANTISATION,
        frame({ marker: SOF9, width, height: (width * 3) / 4, factors: FACTORS }),
        scan({ names: [1, 2, 3] }, 64),
        EOI,
      ),
  },
  {
    name: 'JPEG: lossless, large',
    sizes: [1000, 3500],
    unit: 'pixels wide',
    make: (width) =>
      joined(
        SOI,
        frame({ marker: 0xc3, width, height: width, factors: FACTORS }),
        CODES,
        scan({ names: [1, 2, 3], band: [1, 0, 0] }, (width * width * 3) / 8),
        EOI,
      ),
  },
  {
    name: 'JPEG: a restart marker after each MCU',
    sizes: [640, 4000, 8000],
    unit: 'pixels wide',
    make: (width) => {
      const height = (width * 3) / 4;
      const mcus = Math.ceil(width / 8) * Math.ceil(height / 8);
      const each = Array.from({ length: 8 }, (_, i) => [0, 0xff, 0xd0 + i]).flat();
      return joined(
        ...[SOI, QUANTISATION, frame({ width, height, factors: FACTORS }), CODES, segment(DRI, [0, 1])],
        ...[scan({ names: [1, 2, 3] }, 0), times(each, Math.ceil(mcus / 8)), EOI],
      );
    },
  },
  {
    name: 'JPEG: entropy-coded data behind the picture',
    sizes: BYTE_SIZES,
    unit: 'bytes',
    make: (bytes) => joined(start(), FLAT_SCAN, times([0], bytes - 20_000), EOI),
  },
];

/** A picture too large to decode whole, so that its smaller copies are tried. */
const TOO_LARGE = [...SOI, ...frame({ width: 65_000, height: 60_000, factors: FACTORS })];
const [MP_ENTRY, ENTRIES] = [0xb002, 8];

/** An MPF segment whose entries all name the same offset, counted from its TIFF header, up to the end of the file. */
function mpf(at: number, bytes: number): number[] {
  const entry = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];
  const one = [...entry(0x0001_0001), ...entry(bytes), ...entry(at), 0, 0, 0, 0];
  const values = Array.from({ length: ENTRIES }, () => one).flat();
  return segment(0xe2, [...joined('MPF\0', tiff('II', [{ tag: MP_ENTRY, type: UNDEFINED, values }]))]);
}

/** Offset of MPF's TIFF header in a file that begins with it: SOI, marker, length, name. */
const MPF_HEADER_AT = 2 + 2 + 2 + 4;

const previews: readonly Bomb[] = [
  ...(
    [
      ['application segments', segment(0xe5)],
      ['Huffman tables', manyCodes([0x11, ...ONE_CODE])],
    ] as const
  ).map(
    ([what, piece]): Bomb => ({
      name: `JPEG: eight previews that are one, of ${what}`,
      sizes: BYTE_SIZES,
      unit: 'bytes',
      make: (bytes) => {
        const head = TOO_LARGE.slice(2);
        const preview = joined(SOI, small(SOF2), filledWith(piece, bytes - 40_000), CODES, FLAT_SCAN, EOI);
        const at = 2 + mpf(0, 0).length + head.length;
        return joined(SOI, mpf(at - MPF_HEADER_AT, preview.length), head, preview);
      },
    }),
  ),
  {
    name: 'JPEG: a preview in a preview in a preview',
    sizes: [10, 1000],
    unit: 'deep',
    make: (deep) => {
      let inner = joined(start(), FLAT_SCAN, EOI);
      for (let i = 0; i < deep; i++) {
        const side = 60_000 + Math.min(i, 5000);
        const head = frame({ width: side, height: side, factors: FACTORS });
        const at = 2 + mpf(0, 0).length + head.length;
        inner = joined(SOI, mpf(at - MPF_HEADER_AT, inner.length), head, inner);
      }
      return inner;
    },
  },
  {
    name: 'JPEG: Exif whose thumbnail is the file',
    sizes: [MIB, LARGEST_BYTES],
    unit: 'bytes',
    make: (bytes) => {
      const fields = [
        { tag: 0x0201, type: LONG, values: [0] },
        { tag: 0x0202, type: LONG, values: [bytes] },
      ];
      const exif = segment(0xe1, [...joined('Exif\0\0', tiff('II', [], fields))]);
      return joined(SOI, exif, filledWith(segment(0xe5), bytes - 1000), TOO_LARGE.slice(2), EOI);
    },
  },
  {
    name: 'JPEG: a height that stands behind all',
    sizes: BYTE_SIZES,
    unit: 'bytes',
    make: (bytes) =>
      joined(
        ...[SOI, QUANTISATION, frame({ height: 0, factors: FACTORS }), CODES],
        ...[filledWith(segment(0xe5), bytes - 20_000), FLAT_SCAN, segment(0xdc, be16(480)), EOI],
      ),
  },
];

export const JPEG_BOMBS: readonly Bomb[] = [...floods, ...restarts, ...scans, ...previews];
