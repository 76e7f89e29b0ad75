/** Writes image file directories (TIFF 6.0 §2), as EXIF, MPF and TIFF files have them. */

/** Tag, type and values; type 3 is SHORT, 4 LONG, 7 UNDEFINED. `count` may lie. */
export interface TiffField {
  readonly tag: number;
  readonly type: number;
  readonly values: readonly number[];
  readonly count?: number;
}

export type ByteOrder = 'II' | 'MM';

export const SHORT = 3;
export const LONG = 4;
export const UNDEFINED = 7;

const HEADER_BYTES = 8;
const ENTRY_BYTES = 12;
const TYPE_BYTES: Readonly<Record<number, number>> = { [SHORT]: 2, [LONG]: 4, [UNDEFINED]: 1 };

/** A header and the directories one after the other, each before those of its values that need room. */
export function tiff(order: ByteOrder, ...directories: readonly (readonly TiffField[])[]): Uint8Array {
  const bytes = directories.reduce((sum, fields) => sum + directoryBytes(fields), HEADER_BYTES);
  const file = new Uint8Array(bytes);
  const view = new DataView(file.buffer);
  const little = order === 'II';
  view.setUint16(0, little ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, little);
  view.setUint32(4, directories.length === 0 ? 0 : HEADER_BYTES, little);

  let at = HEADER_BYTES;
  for (const [i, fields] of directories.entries()) {
    const next = at + directoryBytes(fields);
    const end = at + 2 + fields.length * ENTRY_BYTES;
    let room = end + 4;
    view.setUint16(at, fields.length, little);
    for (const [n, { tag, type, values, count }] of fields.entries()) {
      const entry = at + 2 + n * ENTRY_BYTES;
      view.setUint16(entry, tag, little);
      view.setUint16(entry + 2, type, little);
      view.setUint32(entry + 4, count ?? values.length, little);
      const own = valueBytes({ tag, type, values });
      if (own > 4) view.setUint32(entry + 8, room, little);
      writeValues(view, own > 4 ? room : entry + 8, type, values, little);
      if (own > 4) room += own;
    }
    view.setUint32(end, i + 1 < directories.length ? next : 0, little);
    at = next;
  }
  return file;
}

/** An EXIF block that says nothing but the orientation; the value need not be one. */
export function exifBlock(orientation: number, order: ByteOrder = 'II'): Uint8Array {
  return tiff(order, [{ tag: 0x0112, type: SHORT, values: [orientation] }]);
}

function directoryBytes(fields: readonly TiffField[]): number {
  const apart = fields.map(valueBytes).filter((bytes) => bytes > 4);
  return 2 + fields.length * ENTRY_BYTES + 4 + apart.reduce((sum, bytes) => sum + bytes, 0);
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
    else if (type === UNDEFINED) view.setUint8(at + i, value);
    else view.setUint32(at + i * 4, value, little);
  }
}
