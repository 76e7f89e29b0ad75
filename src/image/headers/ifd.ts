/**
 * Image file directories (TIFF 6.0 §2), in which TIFF, EXIF (2.32 §4.5) and MPF (CIPA DC-007 §5) keep their
 * fields.
 *
 * Three formats want a few numbers each of one or two directories. Libraries for EXIF follow every pointer
 * they find and read every value, which is a risk with bytes from anywhere and buys nothing here. This
 * reads one directory, once, follows nothing by itself, and allocates only for the fields asked for.
 */
import { viewOf } from './bytes.ts';

const LITTLE_ENDIAN = 0x4949;
const BIG_ENDIAN = 0x4d4d;
/** Byte order, the number 42, the position of the first directory. */
const HEADER_BYTES = 8;
const ENTRY_BYTES = 12;

/** Bytes a value by field type (§2); the others hold no whole numbers without a sign. */
const TYPE_BYTES: Readonly<Record<number, 1 | 2 | 4>> = { 1: 1, 3: 2, 4: 4, 7: 1 };

/** Bytes in which all positions count from the first one. */
export interface TiffBlock {
  readonly view: DataView;
  readonly littleEndian: boolean;
  readonly firstDirectory: number;
}

export interface Field {
  readonly type: number;
  readonly count: number;
  /** Position of the first value; all of them are inside the block. */
  readonly at: number;
}

export interface Directory {
  /** The fields asked for, as far as they are there, by tag. */
  readonly fields: ReadonlyMap<number, Field>;
  /** Position of the next directory; 0 when this is the last. */
  readonly next: number;
}

/** @param version 42 is TIFF, 43 BigTIFF, whose directories are laid out otherwise. */
export function hasTiffHeader(bytes: Uint8Array, version = 42): boolean {
  if (bytes.length < HEADER_BYTES) return false;
  const view = viewOf(bytes);
  const order = view.getUint16(0);
  if (order !== LITTLE_ENDIAN && order !== BIG_ENDIAN) return false;
  return view.getUint16(2, order === LITTLE_ENDIAN) === version;
}

export function tiffBlock(bytes: Uint8Array): TiffBlock | undefined {
  if (!hasTiffHeader(bytes)) return undefined;
  const view = viewOf(bytes);
  const littleEndian = view.getUint16(0) === LITTLE_ENDIAN;
  return { view, littleEndian, firstDirectory: view.getUint32(4, littleEndian) };
}

/**
 * Reads the fields of one directory.
 *
 * @returns undefined when the directory or a wanted field reaches beyond the block, when such a field holds
 * no whole numbers, and when it is there twice: readers differ in which of the two they take.
 */
export function readDirectory(
  block: TiffBlock,
  at: number,
  tags: ReadonlySet<number>,
): Directory | undefined {
  const { view, littleEndian } = block;
  if (at < HEADER_BYTES || at + 2 > view.byteLength) return undefined;
  const entries = at + 2;
  const end = entries + view.getUint16(at, littleEndian) * ENTRY_BYTES;
  if (end > view.byteLength) return undefined;

  const fields = new Map<number, Field>();
  for (let entry = entries; entry < end; entry += ENTRY_BYTES) {
    const tag = view.getUint16(entry, littleEndian);
    if (!tags.has(tag)) continue;
    if (fields.has(tag)) return undefined;
    const field = readField(block, entry);
    if (field === undefined) return undefined;
    fields.set(tag, field);
  }
  // Some programs leave out the position of the next directory when there is none.
  return { fields, next: end + 4 <= view.byteLength ? view.getUint32(end, littleEndian) : 0 };
}

/** An entry: tag, type, count, and the values themselves where they fit into four bytes, else where they are. */
function readField({ view, littleEndian }: TiffBlock, entry: number): Field | undefined {
  const type = view.getUint16(entry + 2, littleEndian);
  const count = view.getUint32(entry + 4, littleEndian);
  const bytes = count * (TYPE_BYTES[type] ?? 0);
  if (bytes === 0) return undefined;
  const at = bytes <= 4 ? entry + 8 : view.getUint32(entry + 8, littleEndian);
  return at + bytes <= view.byteLength ? { type, count, at } : undefined;
}

/** Value `i` of a field; undefined when the field is not there or has fewer. */
export function numberAt(
  { view, littleEndian }: TiffBlock,
  field: Field | undefined,
  i = 0,
): number | undefined {
  if (field === undefined || i >= field.count) return undefined;
  const bytes = TYPE_BYTES[field.type];
  if (bytes === 4) return view.getUint32(field.at + i * 4, littleEndian);
  if (bytes === 2) return view.getUint16(field.at + i * 2, littleEndian);
  return view.getUint8(field.at + i);
}
