/** Where the data of items are (ISO/IEC 14496-12 §8.11.3). */
import type { ByteRange } from '../header.ts';
import { type Box, onlyBox, readerOf, versionAndFlags } from './boxes.ts';
import { fourCC } from './bytes.ts';
import type { Tables } from './heif-items.ts';

const ILOC = fourCC('iloc');
const IDAT = fourCC('idat');

/** Maximum number of extents of an item; programs write one, or a few for layers. */
const MAX_EXTENTS = 64;

/** An item's data, in the file or in the `idat` box: their range, or a copy if they are in several extents. */
export function dataOf(tables: Tables, item: number): Uint8Array | undefined {
  return joined(tables.bytes, locationsOf(tables, new Set([item])).get(item) ?? []);
}

/** @returns undefined if there are none, or more extents than bytes: they could overlap. */
export function joined(bytes: Uint8Array, ranges: readonly ByteRange[]): Uint8Array | undefined {
  const [first, ...more] = ranges;
  if (first === undefined || lengthOf(ranges) > bytes.length) return undefined;
  if (more.length === 0) return bytes.subarray(first.start, first.end);
  const whole = new Uint8Array(lengthOf(ranges));
  let at = 0;
  for (const { start, end } of ranges) {
    whole.set(bytes.subarray(start, end), at);
    at += end - start;
  }
  return whole;
}

/** Bytes of the data of some items together; more than the file has if they overlap. */
export function totalLength(
  items: readonly number[],
  locations: ReadonlyMap<number, readonly ByteRange[]>,
): number {
  return items.reduce((sum, item) => sum + lengthOf(locations.get(item) ?? []), 0);
}

export function lengthOf(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** Where the data of some items are, for items whose data are all inside the file. The table is read once. */
export function locationsOf(
  { bytes, boxes }: Tables,
  wanted: ReadonlySet<number>,
): ReadonlyMap<number, readonly ByteRange[]> {
  const found = new Map<number, readonly ByteRange[]>();
  const box = onlyBox(boxes, ILOC);
  if (box === undefined) return found;
  const reader = readerOf(bytes, box);
  const { version } = versionAndFlags(reader);
  const sizes = reader.uint(2);
  const [offset, length] = [fieldBytes(sizes >>> 12), fieldBytes(sizes >>> 8)];
  const [base, index] = [fieldBytes(sizes >>> 4), version === 0 ? 0 : fieldBytes(sizes)];
  if (offset === undefined || length === undefined || base === undefined || index === undefined) return found;

  const count = reader.uint(version < 2 ? 2 : 4);
  for (let item = 0; item < count && !reader.overran(); item++) {
    const id = reader.uint(version < 2 ? 2 : 4);
    const method = version === 0 ? 0 : reader.uint(2) & 0x0f;
    const elsewhere = reader.uint(2) !== 0;
    const start = reader.uint(base);
    const extents = reader.uint(2);
    if (!wanted.has(id) || extents > MAX_EXTENTS || found.has(id)) {
      reader.skip(extents * (index + offset + length));
      // An item listed twice has none: readers differ in which entry they use.
      if (found.has(id)) found.set(id, []);
      continue;
    }
    const space = elsewhere ? undefined : spaceFor(bytes, boxes, method);
    const ranges = Array.from({ length: extents }, () => {
      reader.skip(index);
      const from = start + reader.uint(offset);
      return within(space, from, from + reader.uint(length));
    });
    found.set(id, reader.overran() || ranges.includes(undefined) ? [] : ranges.flatMap((one) => one ?? []));
  }
  return found;
}

/** Four bits with the number of bytes of a field. */
function fieldBytes(bits: number): 0 | 4 | 8 | undefined {
  const bytes = bits & 0x0f;
  return bytes === 0 || bytes === 4 || bytes === 8 ? bytes : undefined;
}

/** Construction method 1 counts from the start of `idat`; 2, from another item, is not supported. */
function spaceFor(bytes: Uint8Array, boxes: readonly Box[], method: number): ByteRange | undefined {
  if (method === 0) return { start: 0, end: bytes.length };
  return method === 1 ? onlyBox(boxes, IDAT) : undefined;
}

function within(space: ByteRange | undefined, from: number, to: number): ByteRange | undefined {
  if (space === undefined || to === from || space.start + to > space.end) return undefined;
  return { start: space.start + from, end: space.start + to };
}
