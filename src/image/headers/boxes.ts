/** Boxes of the ISO base media file format (ISO/IEC 14496-12 §4.2), and readers for the numbers in them. */
import { viewOf } from './bytes.ts';

/** The range of a box's payload. */
export interface Box {
  readonly type: number;
  readonly start: number;
  readonly end: number;
}

/** A phone's picture of 48 megapixels has some 200 tiles, and a few boxes for each. */
const MAX_BOXES = 4096;

/** Tables of a picture have kilobytes. Larger ones are not read, which bounds the work on each. */
export const MAX_TABLE_BYTES = 256 * 1024;

/**
 * The boxes from `start` to `end`, in order, as far as they are complete.
 *
 * A size of 1 means that eight bytes of size follow the type, and 0 means the rest (§4.2.2).
 */
export function boxesIn(bytes: Uint8Array, start: number, end: number): Box[] {
  const view = viewOf(bytes);
  const boxes: Box[] = [];
  let at = start;
  while (at + 8 <= end && boxes.length < MAX_BOXES) {
    const stated = view.getUint32(at);
    const isLarge = stated === 1;
    if (isLarge && at + 16 > end) break;
    const headBytes = isLarge ? 16 : 8;
    const size = isLarge ? Number(view.getBigUint64(at + 8)) : stated === 0 ? end - at : stated;
    if (size < headBytes || at + size > end) break;
    boxes.push({ type: view.getUint32(at + 4), start: at + headBytes, end: at + size });
    at += size;
  }
  return boxes;
}

/**
 * The only box of a type. If there are two, readers differ in which they use, and a file could show each another
 * picture: then there is none.
 */
export function onlyBox(boxes: readonly Box[], type: number): Box | undefined {
  const [box, second] = boxes.filter((candidate) => candidate.type === type);
  return second === undefined ? box : undefined;
}

/** Reads a box from front to back. Past its end every number is 0 and `overran` is true. */
export interface Reader {
  /** The next unsigned big-endian number of this many bytes; 0 for none. */
  uint(bytes: 0 | 1 | 2 | 4 | 8): number;
  skip(bytes: number): void;
  /** Position in the file of the next byte. */
  at(): number;
  overran(): boolean;
}

export function readerOf(bytes: Uint8Array, { start, end }: Pick<Box, 'start' | 'end'>): Reader {
  const view = viewOf(bytes);
  let at = start;
  let overran = false;

  function advance(count: number): number | undefined {
    overran ||= at + count > end;
    if (overran) return undefined;
    at += count;
    return at - count;
  }

  return {
    uint(count) {
      const from = advance(count);
      if (from === undefined || count === 0) return 0;
      if (count === 1) return view.getUint8(from);
      if (count === 2) return view.getUint16(from);
      if (count === 4) return view.getUint32(from);
      return Number(view.getBigUint64(from));
    },
    skip(count) {
      advance(count);
    },
    at: () => at,
    overran: () => overran,
  };
}

/** Version and flags, which begin a full box (§4.2.2). */
export function versionAndFlags(reader: Reader): { version: number; flags: number } {
  const word = reader.uint(4);
  return { version: word >>> 24, flags: word & 0xff_ffff };
}
