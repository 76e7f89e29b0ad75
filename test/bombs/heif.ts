/** HEIC and AVIF with too many tiles, items and boxes (ISO/IEC 14496-12, 23008-12). */
import sharp from 'sharp';
import { box, ftyp, fullBox, gridData, ispe } from '../image/boxes.ts';
import { be16, be32 } from '../image/headers.ts';
import { HEIC_TILE } from '../pictures/heic.ts';
import { type Bomb, BYTE_SIZES, filledWith, joined, times } from './bomb.ts';

const FORMATS = ['heic', 'avif'] as const;
type Format = (typeof FORMATS)[number];

const CONFIGURATION = { heic: 'hvcC', avif: 'av1C' } as const;
const ITEM = { heic: 'hvc1', avif: 'av01' } as const;
const BOX_HEAD_BYTES = 8;

interface Coded {
  readonly configuration: Uint8Array;
  readonly data: Uint8Array;
}

/** The coded data in a file with one item. */
function codedIn(file: Uint8Array, format: Format): Coded {
  const bytes = Buffer.from(file);
  const boxAt = (name: string) => {
    const at = bytes.indexOf(name, 'latin1') - 4;
    return file.subarray(at, at + bytes.readUInt32BE(at));
  };
  return { configuration: boxAt(CONFIGURATION[format]), data: boxAt('mdat').subarray(BOX_HEAD_BYTES) };
}

async function tileOf(format: Format, side = 64): Promise<Coded> {
  if (format === 'heic') return codedIn(HEIC_TILE, format);
  const rgb = Uint8Array.from({ length: side * side * 3 }, (_, i) => Math.imul(i, 7));
  const raw = { width: side, height: side, channels: 3 } as const;
  return codedIn(await sharp(rgb, { raw }).avif({ effort: 0, quality: 30 }).toBuffer(), format);
}

interface Grid {
  readonly columns: number;
  readonly rows: number;
  /** The size of a tile that the file states. */
  readonly side: number;
  /** Items that the tiles refer to, in turn. */
  readonly items: number;
  /** A second grid of the same tiles, as alpha. */
  readonly alpha?: boolean;
  readonly between?: Uint8Array;
}

const [FIRST_GRID, SECOND_GRID, FIRST_TILE] = [1, 2, 10];

/** A tiled picture whose items all have the same data. */
function gridFile(format: Format, { configuration, data }: Coded, grid: Grid): Uint8Array {
  const { columns, rows, side, items, alpha = false, between = new Uint8Array() } = grid;
  const [width, height] = [columns * side, rows * side];
  const head = gridData(columns, rows, width, height);
  const grids = alpha ? [FIRST_GRID, SECOND_GRID] : [FIRST_GRID];
  const tiles = Array.from({ length: items }, (_, i) => FIRST_TILE + i);
  const located = (id: number, at: number, bytes: number) =>
    joined(be16(id), be16(1), be16(0), be16(1), be32(at), be32(bytes));
  const locations = [
    ...grids.map((id) => located(id, 0, head.length)),
    ...tiles.map((id) => located(id, head.length, data.length)),
  ];
  const dimg = new Uint8Array(2 * columns * rows);
  const view = new DataView(dimg.buffer);
  for (let i = 0; i < columns * rows; i++) view.setUint16(2 * i, FIRST_TILE + (i % items));
  const properties = [configuration, ispe(side, side), ispe(width, height), auxiliary()];
  const [ofTile, ofGrid, ofAlpha] = [
    [2, 1, 2],
    [1, 3],
    [2, 3, 4],
  ];
  return joined(
    ftyp(format, 'mif1'),
    metaOf(
      fullBox('pitm', 0, 0, be16(FIRST_GRID)),
      fullBox('iloc', 1, 0, [0x44, 0], be16(locations.length), joined(...locations)),
      fullBox(
        'iinf',
        0,
        0,
        be16(grids.length + items),
        joined(...grids.map((id) => infe(id, 'grid')), ...tiles.map((id) => infe(id, ITEM[format]))),
      ),
      box(
        'iprp',
        box('ipco', joined(...properties)),
        fullBox(
          'ipma',
          0,
          0,
          be32(grids.length + items),
          joined(
            ...[be16(FIRST_GRID), ofGrid],
            ...(alpha ? [be16(SECOND_GRID), ofAlpha] : []),
            ...tiles.map((id) => [...be16(id), ...ofTile]),
          ),
        ),
      ),
      fullBox(
        'iref',
        0,
        0,
        joined(
          ...grids.map((id) => box('dimg', be16(id), be16(columns * rows), dimg)),
          alpha ? box('auxl', be16(SECOND_GRID), be16(1), be16(FIRST_GRID)) : [],
        ),
      ),
      box('idat', joined(head, data)),
      between,
    ),
  );
}

const metaOf = (...boxes: readonly Uint8Array[]) =>
  fullBox('meta', 0, 0, fullBox('hdlr', 0, 0, be32(0), 'pict', new Uint8Array(13)), joined(...boxes));
const infe = (id: number, type: string) => fullBox('infe', 2, 0, be16(id), be16(0), type, 0);
const auxiliary = () => fullBox('auxC', 0, 0, 'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha', 0);

/** A grid of this many tiles, as square as possible. */
function squared(tiles: number): { columns: number; rows: number } {
  const columns = Math.min(256, Math.ceil(Math.sqrt(tiles)));
  return { columns, rows: Math.min(255, Math.floor(tiles / columns)) };
}

const tilesOf = (format: Format): readonly Bomb[] => [
  ...([16, 64] as const).flatMap((side): Bomb[] => [
    {
      name: `${format.toUpperCase()}: tiles of ${side}×${side} that are one item`,
      sizes: [256, 4096, 16_384, 65_280],
      unit: 'tiles',
      make: async (tiles) => gridFile(format, await tileOf(format), { ...squared(tiles), side, items: 1 }),
    },
    {
      name: `${format.toUpperCase()}: tiles of ${side}×${side}, each an item`,
      sizes: [256, 2048, 4000],
      unit: 'tiles',
      make: async (tiles) =>
        gridFile(format, await tileOf(format), { ...squared(tiles), side, items: tiles }),
    },
  ]),
  {
    name: `${format.toUpperCase()}: tiles and alpha of tiles`,
    sizes: [256, 4096],
    unit: 'tiles',
    make: async (tiles) =>
      gridFile(format, await tileOf(format), {
        ...squared(tiles),
        side: 64,
        items: Math.min(tiles, 1900),
        alpha: true,
      }),
  },
  {
    name: `${format.toUpperCase()}: one tile many times as large as it says`,
    sizes: [1],
    unit: 'tiles',
    make: async () => gridFile(format, await tileOf(format), { columns: 1, rows: 1, side: 1, items: 1 }),
  },
];

/** The boxes of a whole picture, and many of one further kind. */
const flooded = (format: Format): readonly Bomb[] =>
  Object.entries({
    'boxes, empty': box('abcd'),
    references: fullBox('iref', 0, 0, times(box('dimg', be16(1), be16(1), be16(10)), 1000)),
    properties: box('iprp', box('ipco', times(ispe(64, 64), 1000))),
    locations: fullBox(
      'iloc',
      1,
      0,
      [0x44, 0],
      be16(1000),
      times(joined(be16(10), be16(1), be16(0), be16(1), be32(0), be32(8)), 1000),
    ),
    items: fullBox('iinf', 0, 0, be16(1000), times(infe(10, ITEM[format]), 1000)),
  }).map(
    ([what, piece]): Bomb => ({
      name: `${format.toUpperCase()}: ${what}`,
      sizes: BYTE_SIZES,
      unit: 'bytes',
      make: async (bytes) =>
        gridFile(format, await tileOf(format), {
          columns: 2,
          rows: 2,
          side: 64,
          items: 4,
          between: filledWith(piece, bytes - 4000),
        }),
    }),
  );

/** Tables as large as the reader accepts, with entries that the picture does not use. */
const tables: readonly Bomb[] = [
  {
    name: 'AVIF: 64 extents of each of many tiles',
    sizes: [64, 250],
    unit: 'tiles',
    make: async (tiles) => {
      const { configuration, data } = await tileOf('avif');
      const head = gridData(tiles, 1, 64 * tiles, 64);
      const ids = Array.from({ length: tiles }, (_, i) => FIRST_TILE + i);
      const step = Math.floor(data.length / 64);
      const extents = Array.from({ length: 64 }, (_, i) => [
        ...be32(head.length + i * step),
        ...be32(i === 63 ? data.length - 63 * step : step),
      ]).flat();
      const ofTile = (id: number) => [...be16(id), ...be16(1), ...be16(0), ...be16(64), ...extents];
      return joined(
        ftyp('avif', 'mif1'),
        metaOf(
          fullBox('pitm', 0, 0, be16(1)),
          fullBox(
            'iloc',
            1,
            0,
            [0x44, 0],
            be16(tiles + 1),
            joined(be16(1), be16(1), be16(0), be16(1), be32(0), be32(head.length), ...ids.map(ofTile)),
          ),
          fullBox(
            'iinf',
            0,
            0,
            be16(tiles + 1),
            joined(infe(1, 'grid'), ...ids.map((id) => infe(id, 'av01'))),
          ),
          box(
            'iprp',
            box('ipco', configuration, ispe(64, 64), ispe(64 * tiles, 64)),
            fullBox(
              'ipma',
              0,
              0,
              be32(tiles + 1),
              joined(be16(1), [1, 3], ...ids.map((id) => [...be16(id), 2, 1, 2])),
            ),
          ),
          fullBox('iref', 0, 0, box('dimg', be16(1), be16(tiles), ids.flatMap(be16))),
          box('idat', head, data),
        ),
      );
    },
  },
  {
    name: 'AVIF: one item whose data go on',
    sizes: BYTE_SIZES,
    unit: 'bytes',
    make: async (bytes) => {
      const { configuration, data } = await tileOf('avif');
      // Temporal delimiters: units without contents.
      const padded = joined(filledWith([0x12, 0], bytes - 4000), data);
      return gridFile('avif', { configuration, data: padded }, { columns: 1, rows: 1, side: 64, items: 1 });
    },
  },
];

export const HEIF_BOMBS: readonly Bomb[] = [
  ...FORMATS.flatMap((format) => [...tilesOf(format), ...flooded(format)]),
  ...tables,
];
