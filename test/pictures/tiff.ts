/** Writes image file directories (TIFF 6.0 §2), as EXIF, MPF and TIFF files contain them. */

/** Tag, type and values; a fraction is two values. `count` may be wrong. */
export interface TiffField {
  readonly tag: number;
  readonly type: number;
  readonly values: readonly number[];
  readonly count?: number;
}

export type ByteOrder = 'II' | 'MM';

export const BYTE = 1;
export const SHORT = 3;
export const LONG = 4;
export const RATIONAL = 5;
export const UNDEFINED = 7;

/** BigTIFF has eight bytes wherever TIFF has four. */
const TIFF = { version: 42, headerBytes: 8, countBytes: 2, entryBytes: 12, offsetBytes: 4 } as const;
const BIG_TIFF = { version: 43, headerBytes: 16, countBytes: 8, entryBytes: 20, offsetBytes: 8 } as const;
type Layout = typeof TIFF | typeof BIG_TIFF;

/** Bytes of one of `values`. */
const TYPE_BYTES: Readonly<Record<number, number>> = { [BYTE]: 1, [SHORT]: 2, [UNDEFINED]: 1 };

/** A header and the directories in order, each followed by those of its values that need room. */
export function tiff(order: ByteOrder, ...directories: readonly (readonly TiffField[])[]): Uint8Array {
  return written(TIFF, order, directories);
}

export function bigTiff(order: ByteOrder, ...directories: readonly (readonly TiffField[])[]): Uint8Array {
  return written(BIG_TIFF, order, directories);
}

function written(
  layout: Layout,
  order: ByteOrder,
  directories: readonly (readonly TiffField[])[],
): Uint8Array {
  const { headerBytes, countBytes, entryBytes, offsetBytes } = layout;
  const bytes = directories.reduce<number>(
    (sum, fields) => sum + directoryBytes(fields, layout),
    headerBytes,
  );
  const file = new Uint8Array(bytes);
  const view = new DataView(file.buffer);
  const little = order === 'II';
  const offset = (at: number, value: number) => {
    if (offsetBytes === 4) view.setUint32(at, value, little);
    else view.setBigUint64(at, BigInt(value), little);
  };
  view.setUint16(0, little ? 0x4949 : 0x4d4d);
  view.setUint16(2, layout.version, little);
  if (layout === BIG_TIFF) view.setUint16(4, offsetBytes, little);
  offset(headerBytes - offsetBytes, directories.length === 0 ? 0 : headerBytes);

  let at: number = headerBytes;
  for (const [i, fields] of directories.entries()) {
    const next = at + directoryBytes(fields, layout);
    const end = at + countBytes + fields.length * entryBytes;
    let room = end + offsetBytes;
    if (countBytes === 2) view.setUint16(at, fields.length, little);
    else view.setBigUint64(at, BigInt(fields.length), little);
    for (const [n, field] of fields.entries()) {
      const { tag, type, values } = field;
      const entry = at + countBytes + n * entryBytes;
      view.setUint16(entry, tag, little);
      view.setUint16(entry + 2, type, little);
      offset(entry + 4, field.count ?? values.length / (type === RATIONAL ? 2 : 1));
      const own = valueBytes(field);
      const isApart = own > offsetBytes;
      if (isApart) offset(entry + 4 + offsetBytes, room);
      writeValues(view, isApart ? room : entry + 4 + offsetBytes, type, values, little);
      if (isApart) room += own;
    }
    offset(end, i + 1 < directories.length ? next : 0);
    at = next;
  }
  return file;
}

/** An EXIF block that states only the orientation; the value need not be valid. */
export function exifBlock(orientation: number, order: ByteOrder = 'II'): Uint8Array {
  return tiff(order, [{ tag: 0x0112, type: SHORT, values: [orientation] }]);
}

function directoryBytes(fields: readonly TiffField[], layout: Layout): number {
  const { countBytes, entryBytes, offsetBytes } = layout;
  const apart = fields.map(valueBytes).filter((bytes) => bytes > offsetBytes);
  return countBytes + fields.length * entryBytes + offsetBytes + apart.reduce((sum, bytes) => sum + bytes, 0);
}

function valueBytes({ type, values }: TiffField): number {
  return values.length * (TYPE_BYTES[type] ?? 4);
}

function writeValues(
  view: DataView,
  at: number,
  type: number,
  values: readonly number[],
  little: boolean,
): void {
  for (const [i, value] of values.entries()) {
    if (type === SHORT) view.setUint16(at + i * 2, value, little);
    else if (type === UNDEFINED || type === BYTE) view.setUint8(at + i, value);
    else view.setUint32(at + i * 4, value, little);
  }
}
