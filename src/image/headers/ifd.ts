/**
 * Reads image file directories (TIFF 6.0 §2; BigTIFF), in which TIFF, EXIF (2.32 §4.5) and MPF (CIPA DC-007 §5) store
 * their fields.
 *
 * Three formats need a few numbers from one or two directories. EXIF libraries follow every pointer and read every
 * value, which is a risk with untrusted bytes and has no benefit here. This reads one directory, once, follows no
 * pointer by itself, and allocates only for the requested fields.
 */
import { viewOf } from './bytes.ts';

const LITTLE_ENDIAN = 0x4949;
const BIG_ENDIAN = 0x4d4d;

/** The layout of directories in both kinds of file: BigTIFF has eight bytes wherever TIFF has four. */
const TIFF = { version: 42, headerBytes: 8, countBytes: 2, entryBytes: 12, offsetBytes: 4 } as const;
const BIG_TIFF = { version: 43, headerBytes: 16, countBytes: 8, entryBytes: 20, offsetBytes: 8 } as const;
type Layout = typeof TIFF | typeof BIG_TIFF;

/** TIFF has two bytes for the number of entries, and no real BigTIFF has more; libtiff refuses them too. */
const MAX_ENTRIES = 65_535;

/** Two LONGs, a numerator and a denominator. */
const RATIONAL = 5;
/** Bytes of a value by field type (§2; 13, 16 and 18 are IFD, LONG8 and IFD8); other types are not read. */
const TYPE_BYTES: Readonly<Record<number, 1 | 2 | 4 | 8>> = {
  1: 1,
  3: 2,
  4: 4,
  [RATIONAL]: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  13: 4,
  16: 8,
  18: 8,
};

/** The bytes from which all positions are counted. */
export interface TiffBlock {
  readonly view: DataView;
  readonly littleEndian: boolean;
  readonly layout: Layout;
  readonly firstDirectory: number;
}

export interface Field {
  readonly type: number;
  readonly count: number;
  /** Position of the first value; all values are inside the block. */
  readonly at: number;
}

export interface Directory {
  /** The requested fields by tag, if they are present and complete. */
  readonly fields: ReadonlyMap<number, Field>;
  /** Requested tags that are present, but not numeric or beyond the block. */
  readonly damaged: ReadonlySet<number>;
  /** Position of the first entry; an entry is `layout.entryBytes` long. */
  readonly entries: number;
  readonly count: number;
  /** Position of the next directory; 0 if this is the last. */
  readonly next: number;
}

export function isTiffBlock(bytes: Uint8Array): boolean {
  return layoutOf(bytes) !== undefined;
}

function layoutOf(bytes: Uint8Array): Layout | undefined {
  if (bytes.length < TIFF.headerBytes) return undefined;
  const view = viewOf(bytes);
  const order = view.getUint16(0);
  if (order !== LITTLE_ENDIAN && order !== BIG_ENDIAN) return undefined;
  const version = view.getUint16(2, order === LITTLE_ENDIAN);
  return [TIFF, BIG_TIFF].find((layout) => layout.version === version);
}

/** @returns undefined if it does not begin as a TIFF, or is a BigTIFF that ends within its header. */
export function tiffBlock(bytes: Uint8Array): TiffBlock | undefined {
  const layout = layoutOf(bytes);
  if (layout === undefined || bytes.length < layout.headerBytes) return undefined;
  const view = viewOf(bytes);
  const littleEndian = view.getUint16(0) === LITTLE_ENDIAN;
  const at = layout.headerBytes - layout.offsetBytes;
  return { view, littleEndian, layout, firstDirectory: offsetAt(view, littleEndian, layout, at) };
}

/** Exact up to 2⁵³, which no block reaches. */
function offsetAt(view: DataView, littleEndian: boolean, { offsetBytes }: Layout, at: number): number {
  return offsetBytes === 4 ? view.getUint32(at, littleEndian) : Number(view.getBigUint64(at, littleEndian));
}

/**
 * Reads fields of one directory. If a tag occurs twice, the first counts, as in libtiff, libexif and Pillow.
 *
 * @returns undefined if the directory itself extends beyond the block, or has more entries than possible.
 */
export function readDirectory(
  block: TiffBlock,
  at: number,
  tags: ReadonlySet<number>,
): Directory | undefined {
  const { view, littleEndian, layout } = block;
  const entries = at + layout.countBytes;
  if (at < layout.headerBytes || entries > view.byteLength) return undefined;
  const count =
    layout.countBytes === 2 ? view.getUint16(at, littleEndian) : Number(view.getBigUint64(at, littleEndian));
  const end = entries + count * layout.entryBytes;
  if (count > MAX_ENTRIES || end > view.byteLength) return undefined;

  const fields = new Map<number, Field>();
  const damaged = new Set<number>();
  for (let entry = entries; entry < end; entry += layout.entryBytes) {
    const tag = view.getUint16(entry, littleEndian);
    if (!tags.has(tag) || fields.has(tag) || damaged.has(tag)) continue;
    const field = readField(block, entry);
    if (field === undefined) damaged.add(tag);
    else fields.set(tag, field);
  }
  // Some programs omit the position of the next directory if there is none.
  const isThere = end + layout.offsetBytes <= view.byteLength;
  return {
    fields,
    damaged,
    entries,
    count,
    next: isThere ? offsetAt(view, littleEndian, layout, end) : 0,
  };
}

/** An entry: tag, type, count, and the values, if they fit into an offset's bytes, else their position. */
function readField({ view, littleEndian, layout }: TiffBlock, entry: number): Field | undefined {
  const type = view.getUint16(entry + 2, littleEndian);
  const count = offsetAt(view, littleEndian, layout, entry + 4);
  const bytes = count * (TYPE_BYTES[type] ?? 0);
  if (bytes === 0) return undefined;
  const values = entry + 4 + layout.offsetBytes;
  const at = bytes <= layout.offsetBytes ? values : offsetAt(view, littleEndian, layout, values);
  return at + bytes <= view.byteLength ? { type, count, at } : undefined;
}

/**
 * Value `i` of a field, as unsigned; undefined if the field is missing, has fewer values, or is not of an integer type.
 */
export function numberAt(
  { view, littleEndian }: TiffBlock,
  field: Field | undefined,
  i = 0,
): number | undefined {
  if (field === undefined || i >= field.count || field.type === RATIONAL) return undefined;
  switch (TYPE_BYTES[field.type]) {
    case 8:
      return Number(view.getBigUint64(field.at + i * 8, littleEndian));
    case 4:
      return view.getUint32(field.at + i * 4, littleEndian);
    case 2:
      return view.getUint16(field.at + i * 2, littleEndian);
    default:
      return view.getUint8(field.at + i);
  }
}

/** Value `i` of a field of fractions. */
export function ratioAt(
  { view, littleEndian }: TiffBlock,
  field: Field | undefined,
  i: number,
): number | undefined {
  if (field === undefined || i >= field.count || field.type !== RATIONAL) return undefined;
  const at = field.at + i * 8;
  return view.getUint32(at, littleEndian) / view.getUint32(at + 4, littleEndian);
}
