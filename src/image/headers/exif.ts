/**
 * Reads EXIF's orientation, and where its thumbnail is.
 *
 * Whatever cannot be read counts as absent: many programs damage EXIF, and the picture is still valid.
 */
import type { ByteRange, Orientation } from '../header.ts';
import { lettersOf, startsWith } from './bytes.ts';
import { type Directory, numberAt, readDirectory, type TiffBlock, tiffBlock } from './ifd.ts';

/** Precedes the TIFF header in JPEG (EXIF 2.32 §4.7.2); some programs also write it in WebP and PNG. */
const IDENTIFIER = lettersOf('Exif\0');
const IDENTIFIER_BYTES = 6;

/** UNDEFINED: bytes of unknown meaning. */
const UNDEFINED = 7;

export const ORIENTATION = 0x0112;
/** JPEGInterchangeFormat and JPEGInterchangeFormatLength (§4.6.4 B). */
const THUMBNAIL_AT = 0x0201;
const THUMBNAIL_BYTES = 0x0202;

const PRIMARY_TAGS = new Set([ORIENTATION]);
const THUMBNAIL_TAGS = new Set([THUMBNAIL_AT, THUMBNAIL_BYTES]);

export interface Exif {
  readonly orientation: Orientation;
  /** The stated range of the thumbnail's JPEG, in the bytes that were read. */
  readonly thumbnail: ByteRange | undefined;
}

const NOTHING: Exif = { orientation: 1, thumbnail: undefined };

/** Whether an APP1 segment is EXIF, and not XMP, which uses the same marker. */
export function isExifAt(bytes: Uint8Array, payload: number): boolean {
  return startsWith(bytes, IDENTIFIER, payload);
}

/** @param payload of an APP1 segment, an eXIf or an EXIF chunk. */
export function readExif(payload: Uint8Array): Exif {
  const start = isExifAt(payload, 0) ? IDENTIFIER_BYTES : 0;
  const block = tiffBlock(payload.subarray(start));
  if (block === undefined) return NOTHING;
  const primary = readDirectory(block, block.firstDirectory, PRIMARY_TAGS);
  if (primary === undefined) return NOTHING;
  // IFD1 belongs to the thumbnail (§4.5.5). It is the last one read, so a ring of directories ends here too.
  const second = readDirectory(block, primary.next, THUMBNAIL_TAGS);
  const thumbnail = second && thumbnailOf(block, second);
  return {
    orientation: orientationOf(block, primary),
    thumbnail: thumbnail && { start: start + thumbnail.start, end: start + thumbnail.end },
  };
}

/**
 * The field is one SHORT from 1 to 8 (TIFF 6.0 p. 36, EXIF 2.32 §4.6.4 A). Files also have it as another integer type,
 * or with a wrong count: the first value counts, as in libvips. Anything else is ignored.
 */
export function orientationOf(block: TiffBlock, { fields }: Directory): Orientation {
  const field = fields.get(ORIENTATION);
  return field?.type === UNDEFINED ? 1 : asOrientation(numberAt(block, field));
}

function asOrientation(value: number | undefined): Orientation {
  switch (value) {
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
      return value;
    default:
      return 1;
  }
}

function thumbnailOf(block: TiffBlock, { fields }: Directory): ByteRange | undefined {
  const start = numberAt(block, fields.get(THUMBNAIL_AT));
  const bytes = numberAt(block, fields.get(THUMBNAIL_BYTES));
  return start === undefined || bytes === undefined ? undefined : { start, end: start + bytes };
}
