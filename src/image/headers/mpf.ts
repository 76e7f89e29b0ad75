/**
 * Multi-Picture Format (CIPA DC-007): smaller JPEGs after the end of a JPEG file, as cameras write them.
 */
import type { ByteRange } from '../header.ts';
import { lettersOf, startsWith } from './bytes.ts';
import { readDirectory, tiffBlock } from './ifd.ts';

/** At the start of an APP2 segment (DC-007 §5.2.1). */
const IDENTIFIER = lettersOf('MPF\0');

/** The MP Index IFD's table of pictures (§5.2.3.3). */
const MP_ENTRY = 0xb002;
const TAGS = new Set([MP_ENTRY]);
/** Attribute, size, position, and two numbers of dependent pictures. */
const ENTRY_BYTES = 16;
/** Cameras write two or three. */
const MAX_ENTRIES = 8;

/** Fields of an entry's attribute (§5.2.3.3.1): the data format, where 0 is JPEG, and the type. */
const DATA_FORMAT = 0x0700_0000;
/** Large Thumbnail, whatever its class: 0x010001 is at least VGA, 0x010002 full HD. */
const LARGE_THUMBNAIL = 0x01;

export function isMpfAt(bytes: Uint8Array, payload: number): boolean {
  return startsWith(bytes, IDENTIFIER, payload);
}

/**
 * The stated ranges of large thumbnails. Other pictures of a file are not smaller copies of the first: stereo views
 * and, without a type, the depth and gain maps of phones.
 *
 * @param payload of the APP2 segment.
 * @returns ranges counted from the payload's start, which are outside it.
 */
export function largeThumbnails(payload: Uint8Array): ByteRange[] {
  const block = tiffBlock(payload.subarray(IDENTIFIER.length));
  const table = block && readDirectory(block, block.firstDirectory, TAGS)?.fields.get(MP_ENTRY);
  if (block === undefined || table === undefined) return [];

  const found: ByteRange[] = [];
  const entries = Math.min(MAX_ENTRIES, Math.floor(table.count / ENTRY_BYTES));
  for (let i = 0; i < entries; i++) {
    const { view, littleEndian } = block;
    const at = table.at + i * ENTRY_BYTES;
    const attribute = view.getUint32(at, littleEndian);
    if ((attribute & DATA_FORMAT) !== 0 || ((attribute >>> 16) & 0xff) !== LARGE_THUMBNAIL) continue;
    // Positions count from the byte order mark of the MP header (§5.2.3.3.3).
    const start = IDENTIFIER.length + view.getUint32(at + 8, littleEndian);
    found.push({ start, end: start + view.getUint32(at + 4, littleEndian) });
  }
  return found;
}
