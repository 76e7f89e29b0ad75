/** Finds the coded pictures of a HEIF item: one, or tiles. */
import type { Grid, HeifHeader, Size } from '../header.ts';
import { type Box, boxesIn, onlyBox } from '../headers/boxes.ts';
import { fourCC } from '../headers/bytes.ts';
import { gridOf } from '../headers/heif-grid.ts';
import { itemTypes, propertiesOf, type Tables, tablesIn } from '../headers/heif-items.ts';
import { joined, locationsOf, totalLength } from '../headers/heif-locations.ts';
import { configurationOf, sizeOf } from '../headers/heif-properties.ts';
import { relativesOf } from '../headers/heif-relatives.ts';
import type { CodedPicture } from './container.ts';

const META = fourCC('meta');
const GRID = fourCC('grid');
const COLR = fourCC('colr');
const NCLX = fourCC('nclx');
const CONFIGURATIONS = { heic: fourCC('hvcC'), avif: fourCC('av1C') } as const;
/** Size and type, before a box's payload. */
const BOX_HEAD_BYTES = 8;

export interface Pieces {
  /** Size of the picture that they make. */
  readonly size: Size;
  /** One piece is a grid of one. */
  readonly grid: Grid;
  /** Row by row. */
  readonly pictures: readonly CodedPicture[];
}

/**
 * @returns undefined if one of the pieces is missing, if their sizes differ, or if they share items or data: each costs
 *   a decode.
 */
export function codedPieces(bytes: Uint8Array, { format }: HeifHeader, item: number): Pieces | undefined {
  const meta = onlyBox(boxesIn(bytes, 0, bytes.length), META);
  if (meta === undefined) return undefined;
  const tables = tablesIn(bytes, meta);
  const isGrid = itemTypes(tables).get(item) === GRID;
  const items = isGrid ? relativesOf(tables, item).sources : [item];
  const all = new Set([item, ...items]);
  if (isGrid && new Set(items).size < items.length) return undefined;
  const [properties, locations] = [propertiesOf(tables, all), locationsOf(tables, all)];
  const shared = colourOf(tables, properties.get(item) ?? []);
  const pictures = new Map<number, CodedPicture>();
  if (totalLength(items, locations) > bytes.length) return undefined;
  for (const id of all) {
    if (isGrid && id === item) continue;
    const data = joined(bytes, locations.get(id) ?? []);
    const picture = data && pictureOf(tables, format, data, properties.get(id) ?? [], shared);
    if (picture === undefined) return undefined;
    pictures.set(id, picture);
  }

  const [first] = pictures.values();
  if (first === undefined) return undefined;
  const assembly = isGrid ? gridOf(tables, item, sizeOnly(first), items.length) : undefined;
  if (isGrid && assembly === undefined) return undefined;
  const grid = assembly?.layout ?? { ...sizeOnly(first), columns: 1, rows: 1 };
  const inOrder = items.flatMap((id) => pictures.get(id) ?? []);
  const areAlike = inOrder.every(({ width, height }) => width === grid.width && height === grid.height);
  return areAlike ? { size: assembly?.output ?? sizeOnly(first), grid, pictures: inOrder } : undefined;
}

/** @param shared colour box of the grid that the picture is a tile of. */
function pictureOf(
  tables: Tables,
  format: HeifHeader['format'],
  data: Uint8Array,
  properties: readonly Box[],
  shared: Uint8Array | undefined,
): CodedPicture | undefined {
  const size = sizeOf(tables.bytes, properties);
  const configuration = configurationOf(properties, CONFIGURATIONS[format]);
  if (size === undefined || configuration === undefined) return undefined;
  const colour = shared ?? colourOf(tables, properties);
  return {
    format,
    ...size,
    configuration: wholeBox(tables, configuration),
    ...(colour === undefined ? {} : { colour }),
    data,
  };
}

/** The box that states colours by numbers: without it they are those of the coded data. */
function colourOf(tables: Tables, properties: readonly Box[]): Uint8Array | undefined {
  const box = properties.find(
    ({ type, start, end }) => type === COLR && end - start >= 4 && fourCCAt(tables.bytes, start) === NCLX,
  );
  return box && wholeBox(tables, box);
}

function wholeBox({ bytes }: Tables, { start, end }: Box): Uint8Array {
  return bytes.subarray(start - BOX_HEAD_BYTES, end);
}

function fourCCAt(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0);
}

function sizeOnly({ width, height }: Size): Size {
  return { width, height };
}
