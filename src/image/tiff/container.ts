/** Writes a TIFF around some strips that were taken from another one. */
import { type Field, readDirectory, type TiffBlock } from '../headers/ifd.ts';
import { CODING_TAGS, TAG } from '../headers/tiff-tags.ts';

const KEPT = new Set<number>(CODING_TAGS);

const LONG = 4;
const [HEADER_BYTES, COUNT_BYTES, ENTRY_BYTES, OFFSET_BYTES] = [8, 2, 12, 4];
/** Bytes by field type, for the types of the kept fields. */
const TYPE_BYTES: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 5: 8, 7: 1 };

export interface Strips {
  readonly width: number;
  readonly height: number;
  readonly rowsPerStrip: number;
  readonly data: readonly Uint8Array[];
}

interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly values: Uint8Array;
}

/** @returns a writer of files whose strips are read like those of `block`, in its byte order. */
export function stripWriter(bytes: Uint8Array, block: TiffBlock): (strips: Strips) => Uint8Array {
  const fields = readDirectory(block, block.firstDirectory, KEPT)?.fields ?? new Map<number, Field>();
  const kept: Entry[] = [...fields].flatMap(([tag, { type, count, at }]) => {
    const each = TYPE_BYTES[type];
    return each === undefined ? [] : [{ tag, type, count, values: bytes.subarray(at, at + count * each) }];
  });
  const longs = (tag: number, ...numbers: readonly number[]): Entry => {
    const values = new Uint8Array(4 * numbers.length);
    const view = new DataView(values.buffer);
    for (const [i, number] of numbers.entries()) view.setUint32(4 * i, number, block.littleEndian);
    return { tag, type: LONG, count: numbers.length, values };
  };
  return ({ width, height, rowsPerStrip, data }) => {
    const entries = (dataAt: number) => {
      let at = dataAt;
      const offsets = data.map(({ length }) => {
        at += length;
        return at - length;
      });
      const places = [
        longs(TAG.width, width),
        longs(TAG.height, height),
        longs(TAG.rowsPerStrip, rowsPerStrip),
        longs(TAG.stripOffsets, ...offsets),
        longs(TAG.stripByteCounts, ...data.map(({ length }) => length)),
      ];
      return [...kept, ...places].sort((one, other) => one.tag - other.tag);
    };
    const dataAt = entries(0).reduce((sum, { values }) => sum + apart(values), headBytes(kept.length + 5));
    return written(entries(dataAt), dataAt, data, block.littleEndian);
  };
}

function headBytes(entries: number): number {
  return HEADER_BYTES + COUNT_BYTES + entries * ENTRY_BYTES + OFFSET_BYTES;
}

/** Values that do not fit into their entry; on word boundaries. */
function apart({ length }: Uint8Array): number {
  return length > OFFSET_BYTES ? length + (length % 2) : 0;
}

function written(
  entries: readonly Entry[],
  dataAt: number,
  data: readonly Uint8Array[],
  littleEndian: boolean,
): Uint8Array {
  const file = new Uint8Array(data.reduce((sum, { length }) => sum + length, dataAt));
  const view = new DataView(file.buffer);
  view.setUint16(0, littleEndian ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, littleEndian);
  view.setUint32(4, HEADER_BYTES, littleEndian);
  view.setUint16(HEADER_BYTES, entries.length, littleEndian);
  let room = headBytes(entries.length);
  for (const [i, { tag, type, count, values }] of entries.entries()) {
    const at = HEADER_BYTES + COUNT_BYTES + i * ENTRY_BYTES;
    view.setUint16(at, tag, littleEndian);
    view.setUint16(at + 2, type, littleEndian);
    view.setUint32(at + 4, count, littleEndian);
    const own = apart(values);
    if (own > 0) view.setUint32(at + 8, room, littleEndian);
    file.set(values, own > 0 ? room : at + 8);
    room += own;
  }
  let at = dataAt;
  for (const strip of data) {
    file.set(strip, at);
    at += strip.length;
  }
  return file;
}
