/**
 * HEIC and AVIF: a still picture as an item in ISO/IEC 14496-12 boxes, by 23008-12 (HEIF).
 *
 * EXIF in such a file is not read: it should not state an orientation (23000-22 §7.3.10.1), and if it does, it repeats
 * `irot` and `imir`.
 */
import { sequenceOf } from '../av1/sequence-header.ts';
import { type ByteRange, broken, type HeifHeader, type Sniffed, unsupported } from '../header.ts';
import { type Box, boxesIn, onlyBox } from './boxes.ts';
import { fourCC } from './bytes.ts';
import { heifBrands } from './heif-brands.ts';
import { numbersOf, spaceOf, unreadMatrix } from './heif-colour.ts';
import { gridOf } from './heif-grid.ts';
import { itemTypes, primaryItem, propertiesOf, type Tables, tablesIn } from './heif-items.ts';
import { dataOf, lengthOf, locationsOf, totalLength } from './heif-locations.ts';
import { codingOf, isAlpha, sizeOf } from './heif-properties.ts';
import { relativesOf } from './heif-relatives.ts';
import { subjectOf } from './heif-subject.ts';
import { thumbnailsOf } from './heif-thumbnails.ts';
import { transformed } from './heif-transformations.ts';

const META = fourCC('meta');
const MOOV = fourCC('moov');
const GRID = fourCC('grid');
/** Derived pictures (23008-12 §6.6.2) of kinds that are not read. */
const DERIVED = new Map([
  [fourCC('iovl'), 'laid over each other'],
  [fourCC('iden'), 'taken from others'],
  [fourCC('tmap'), 'mapped to another brightness'],
]);
const HEIC_CODINGS = ['hvc1', 'hev1'].map(fourCC);
const AV1 = fourCC('av01');

export function isHeif(bytes: Uint8Array): boolean {
  return heifBrands(bytes) !== undefined;
}

/** Finds the primary item and reads its boxes. */
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

  const types = itemTypes(tables);
  const { id, family, transformations } = subjectOf(tables, types, primary.id);
  const [firstSource] = family.sources;
  const properties = propertiesOf(
    tables,
    new Set([id, ...family.sources.slice(0, 1), ...family.thumbnails, ...family.auxiliaries]),
  );
  const own = (item: number | undefined): readonly Box[] =>
    item === undefined ? [] : (properties.get(item) ?? []);

  const type = types.get(id);
  const derived = type === undefined ? undefined : DERIVED.get(type);
  if (derived !== undefined) return unsupported(`An ${name} of pictures ${derived}`);
  const isGrid = type === GRID;
  const codedItem = isGrid ? firstSource : id;
  const format = formatOf(codedItem === undefined ? undefined : types.get(codedItem));
  if (codedItem === undefined || format === undefined) {
    return failed('holds neither HEVC nor AV1, or not in a way that is read');
  }

  const coded = sizeOf(bytes, own(id));
  const coding = codingOf(bytes, own(codedItem));
  if (coded === undefined) return failed('does not state its size');
  if (coding === undefined) return failed('does not state its bit depth');
  if (isGrid && new Set(family.sources).size < family.sources.length)
    return failed('uses a tile more than once');
  const pieces = [...(isGrid ? family.sources : [id])];
  const locations = locationsOf(tables, new Set(pieces));
  if (totalLength(pieces, locations) > bytes.length) return failed('has tiles that share their data');
  const tile = isGrid ? sizeOf(bytes, own(codedItem)) : undefined;
  const grid = tile && gridOf(tables, id, tile, family.sources.length);
  if (isGrid && (grid?.output.width !== coded.width || grid.output.height !== coded.height)) {
    return failed('is put together from tiles that do not fit');
  }

  const data = format === 'avif' ? dataOf(tables, codedItem) : undefined;
  const sequence = data && sequenceOf(data);
  // In a grid, the tiles may have them instead.
  const numbers = numbersOf(bytes, own(id)) ?? numbersOf(bytes, own(codedItem)) ?? sequence?.numbers;
  const unread = unreadMatrix(format, numbers, coding);
  if (unread !== undefined) return unsupported(`An ${format.toUpperCase()} ${unread}`);
  const space = spaceOf(bytes, own(id), numbers) ?? spaceOf(bytes, own(codedItem), numbers);
  const alpha = family.auxiliaries.find((item) => isAlpha(bytes, own(item)));
  const alphaPieces = alpha === undefined ? [] : piecesOf(tables, types, alpha);
  const { aperture, orientation } = transformed(bytes, coded, transformations);
  const header: HeifHeader = {
    format,
    width: aperture.width,
    height: aperture.height,
    orientation,
    components: (coding.grey ? 1 : 3) + (alpha === undefined ? 0 : 1),
    bitDepth: coding.bitDepth,
    samplesPerPixel: coding.samplesPerPixel,
    progressive: false,
    animated: brands?.sequence === true && isFilm,
    itemId: id,
    coded,
    aperture,
    grid: grid?.layout,
    ...codedLengths(new Map([...locations, ...locationsOf(tables, new Set(alphaPieces))]), [
      ...(isGrid ? family.sources : [id]),
      ...alphaPieces,
    ]),
    alpha: alpha === undefined ? undefined : alphaOf(alpha),
    filmGrain: sequence?.filmGrain === true,
    numbers,
    thumbnails: thumbnailsOf(
      tables,
      family.thumbnails.filter((item) => formatOf(types.get(item)) === format),
      own,
      { coded, aperture },
    ),
    ...(space === undefined ? {} : { space }),
  };
  return { kind: 'picture', header };

  function alphaOf(item: number): NonNullable<HeifHeader['alpha']> {
    // A grid of alpha planes gets its depth from the picture's: they are coded alike.
    const alphaCoding = codingOf(bytes, own(item));
    const bitDepth = alphaCoding?.bitDepth ?? coding?.bitDepth ?? 8;
    return {
      itemId: item,
      pieces: alphaPieces.length,
      bitDepth,
      isGrey: alphaCoding?.grey ?? true,
      isPremultiplied: family.multiplied.includes(item),
    };
  }
}

/** The items that are decoded for one. */
function piecesOf(tables: Tables, types: ReadonlyMap<number, number>, item: number): readonly number[] {
  return types.get(item) === GRID ? relativesOf(tables, item).sources : [item];
}

/** Bytes of the data of some items: of the longest, and of all, where each counts as often as it is named. */
function codedLengths(
  locations: ReadonlyMap<number, readonly ByteRange[]>,
  items: readonly number[],
): Pick<HeifHeader, 'pieceBytes' | 'codedBytes'> {
  const lengths = items.map((item) => lengthOf(locations.get(item) ?? []));
  return {
    pieceBytes: lengths.reduce((most, one) => Math.max(most, one), 0),
    codedBytes: lengths.reduce((sum, one) => sum + one, 0),
  };
}

function formatOf(coding: number | undefined): HeifHeader['format'] | undefined {
  if (coding === AV1) return 'avif';
  return coding !== undefined && HEIC_CODINGS.includes(coding) ? 'heic' : undefined;
}
