/** Finds pictures in a HEIF file that are coded in one piece: thumbnails and tiles. */
import type { HeifHeader } from '../header.ts';
import { type Box, boxesIn, onlyBox } from '../headers/boxes.ts';
import { fourCC } from '../headers/bytes.ts';
import { primaryItem, propertiesOf, type Tables, tablesIn } from '../headers/heif-items.ts';
import { dataOf } from '../headers/heif-locations.ts';
import { sizeOf } from '../headers/heif-properties.ts';
import { relativesOf } from '../headers/heif-relatives.ts';
import type { CodedPicture } from './container.ts';

const META = fourCC('meta');
const CONFIGURATIONS = { heic: fourCC('hvcC'), avif: fourCC('av1C') } as const;
/** Size and type, before a box's payload. */
const BOX_HEAD_BYTES = 8;

/** The item's picture, or undefined when it is not coded in one piece within the file. */
export function codedPicture(bytes: Uint8Array, header: HeifHeader, item: number): CodedPicture | undefined {
  const tables = tablesOf(bytes);
  if (tables === undefined) return undefined;
  return pictureOf(tables, header.format, item, propertiesOf(tables, new Set([item])).get(item) ?? []);
}

/** The primary item's picture, or undefined as above. */
export function codedPrimary(bytes: Uint8Array, header: HeifHeader): CodedPicture | undefined {
  const tables = tablesOf(bytes);
  const primary = tables && primaryItem(tables);
  return primary && codedPicture(bytes, header, primary.id);
}

/** The tiles of the primary item, row by row; undefined when one of them cannot be had. */
export function codedTiles(bytes: Uint8Array, header: HeifHeader): CodedPicture[] | undefined {
  const tables = tablesOf(bytes);
  const primary = tables && primaryItem(tables);
  if (tables === undefined || primary === undefined) return undefined;
  const { tiles } = relativesOf(tables, primary.id);
  const properties = propertiesOf(tables, new Set(tiles));
  const pictures: CodedPicture[] = [];
  for (const item of tiles) {
    const picture = pictureOf(tables, header.format, item, properties.get(item) ?? []);
    if (picture === undefined) return undefined;
    pictures.push(picture);
  }
  return pictures;
}

function tablesOf(bytes: Uint8Array): Tables | undefined {
  const meta = onlyBox(boxesIn(bytes, 0, bytes.length), META);
  return meta && tablesIn(bytes, meta);
}

function pictureOf(
  tables: Tables,
  format: HeifHeader['format'],
  item: number,
  properties: readonly Box[],
): CodedPicture | undefined {
  const { bytes } = tables;
  const size = sizeOf(bytes, properties);
  const configuration = onlyBox(properties, CONFIGURATIONS[format]);
  const data = dataOf(tables, item);
  if (size === undefined || configuration === undefined || data === undefined) return undefined;
  return {
    format,
    ...size,
    configuration: bytes.subarray(configuration.start - BOX_HEAD_BYTES, configuration.end),
    data: bytes.subarray(data.start, data.end),
  };
}
