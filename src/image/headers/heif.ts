/**
 * HEIC and AVIF: a still picture as an item in the boxes of ISO/IEC 14496-12, as 23008-12 (HEIF) has it.
 *
 * EXIF in such a file is not read: it should say nothing of orientation (23000-22 §7.3.10.1), and where it
 * does it repeats `irot` and `imir`.
 */
import { broken, type HeifHeader, type HeifThumbnail, type Sniffed, unsupported } from '../header.ts';
import { type Box, boxesIn, onlyBox } from './boxes.ts';
import { fourCC } from './bytes.ts';
import { heifBrands } from './heif-brands.ts';
import { type Grid, gridOf } from './heif-grid.ts';
import { itemTypes, primaryItem, propertiesOf, type Tables, tablesIn } from './heif-items.ts';
import { dataOf } from './heif-locations.ts';
import { codingOf, isAlpha, sizeOf, spaceOf, transformed } from './heif-properties.ts';
import { relativesOf } from './heif-relatives.ts';

const META = fourCC('meta');
const MOOV = fourCC('moov');
const GRID = fourCC('grid');
/** Pictures made of others (23008-12 §6.6.2): one laid over the other, or the same turned once more. */
const DERIVED = new Map([
  [fourCC('iovl'), 'laid over each other'],
  [fourCC('iden'), 'taken from others'],
]);
const HEIC_CODINGS = ['hvc1', 'hev1'].map(fourCC);
const AV1 = fourCC('av01');

export function isHeif(bytes: Uint8Array): boolean {
  return heifBrands(bytes) !== undefined;
}

/** Finds the primary item and reads what its boxes say of it. */
export function readHeifHeader(bytes: Uint8Array): Sniffed<HeifHeader> {
  const brands = heifBrands(bytes);
  const byBrand = brands?.avif ? 'avif' : 'heic';
  const name = byBrand.toUpperCase();
  const failed = (reason: string) => broken(byBrand, `the ${name} ${reason}`);

  const boxes = boxesIn(bytes, 0, bytes.length);
  const isFilm = boxes.some((box) => box.type === MOOV);
  const meta = onlyBox(boxes, META);
  if (meta === undefined) {
    if (!isFilm || boxes.some((box) => box.type === META)) return failed('has no whole meta box');
    return unsupported(`An ${name} that is a sequence without a still picture`);
  }
  const tables = tablesIn(bytes, meta);
  const primary = primaryItem(tables);
  if (primary === undefined) return failed('does not name its picture');

  const family = relativesOf(tables, primary.id);
  const properties = propertiesOf(
    tables,
    new Set([primary.id, ...family.tiles.slice(0, 1), ...family.thumbnails, ...family.auxiliaries]),
  );
  const own = (id: number | undefined): readonly Box[] =>
    id === undefined ? [] : (properties.get(id) ?? []);

  const types = itemTypes(tables);
  const type = types.get(primary.id);
  const derived = type === undefined ? undefined : DERIVED.get(type);
  if (derived !== undefined) return unsupported(`An ${name} of pictures ${derived}`);
  const isGrid = type === GRID;
  const codedItem = isGrid ? family.tiles[0] : primary.id;
  const format = formatOf(codedItem === undefined ? undefined : types.get(codedItem));
  if (format === undefined) return failed('holds neither HEVC nor AV1, or not in a way that is read');

  const size = sizeOf(bytes, own(primary.id));
  const coding = codingOf(bytes, own(codedItem));
  if (size === undefined) return failed('does not state its size');
  if (coding === undefined) return failed('does not state its bit depth');
  let grid: Grid | undefined;
  if (isGrid) {
    const tile = sizeOf(bytes, own(codedItem));
    grid = tile && gridOf(tables, primary.id, tile, family.tiles.length);
    if (grid === undefined || grid.output.width !== size.width || grid.output.height !== size.height) {
      return failed('is put together from tiles that do not fit');
    }
  }

  // Of a grid, the tiles may have it instead.
  const space = spaceOf(bytes, own(primary.id)) ?? spaceOf(bytes, own(codedItem));
  const alpha = family.auxiliaries.some((id) => isAlpha(bytes, own(id)));
  const header: HeifHeader = {
    format,
    ...transformed(bytes, size, own(primary.id)),
    components: (coding.grey ? 1 : 3) + (alpha ? 1 : 0),
    bitDepth: coding.bitDepth,
    samplesPerPixel: coding.samplesPerPixel,
    progressive: false,
    animated: brands?.sequence === true && isFilm,
    coded: size,
    grid: grid?.layout,
    thumbnails: thumbnailsOf(
      tables,
      family.thumbnails.filter((id) => formatOf(types.get(id)) === format),
      own,
    ),
    primaryItemId: primary.place,
    ...(space === undefined ? {} : { space }),
  };
  return { kind: 'picture', header };
}

function formatOf(coding: number | undefined): HeifHeader['format'] | undefined {
  if (coding === AV1) return 'avif';
  return coding !== undefined && HEIC_CODINGS.includes(coding) ? 'heic' : undefined;
}

function thumbnailsOf(
  tables: Tables,
  ids: readonly number[],
  own: (id: number) => readonly Box[],
): HeifThumbnail[] {
  return ids
    .flatMap((itemId) => {
      const size = sizeOf(tables.bytes, own(itemId));
      return size === undefined ? [] : [{ itemId, ...size, data: dataOf(tables, itemId) }];
    })
    .sort((one, other) => one.width * one.height - other.width * other.height);
}
