/** Prefix codes (RFC 9649 §3.7.2), as look-up tables indexed by the next bits. */
import { type BitReader, fill } from './bits.ts';

/** Bits of the first look-up; longer codes need a second one, in a table of their own. */
const ROOT_BITS = 8;
const MAX_LENGTH = 15;

/** Entries of all tables of a picture. */
const MAX_ENTRIES = 2 ** 20;

/**
 * Consecutive tables. An entry is a symbol times 16 plus the length of its code, or, if that is longer than
 * `ROOT_BITS`, the position of the second table within the first times 16 plus the longest length in it.
 */
export interface Tables {
  entries: Uint16Array;
  used: number;
}

export function createTables(): Tables {
  return { entries: new Uint16Array(2 ** 12), used: 0 };
}

/** The position of a code's table, and the bits of the first look-up. */
export interface PrefixCode {
  readonly start: number;
  readonly mask: number;
}

/** The next symbol. */
export function readSymbol(bits: BitReader, { entries }: Tables, { start, mask }: PrefixCode): number {
  if (bits.held < MAX_LENGTH) fill(bits);
  // Within bounds: a table has an entry for every index.
  let entry = entries[start + (bits.word & mask)] as number;
  let length = entry & 15;
  if (length > ROOT_BITS) {
    const more = (bits.word >>> ROOT_BITS) & ((1 << (length - ROOT_BITS)) - 1);
    entry = entries[start + (entry >> 4) + more] as number;
    length = entry & 15;
  }
  bits.word >>>= length;
  bits.held -= length;
  return entry >> 4;
}

/**
 * Adds a code's tables.
 *
 * @param lengths of the symbols' codes, 0 for those without one.
 * @returns undefined if they are not a complete code, or there are too many tables.
 */
export function addCode(tables: Tables, lengths: Uint8Array): PrefixCode | undefined {
  const counts = new Uint16Array(MAX_LENGTH + 1);
  for (const length of lengths) counts[length] = (counts[length] as number) + 1;
  counts[0] = 0;
  const symbols = counts.reduce((sum, count) => sum + count, 0);
  if (symbols === 0) return undefined;
  const start = tables.used;
  if (symbols === 1) {
    // It takes no bits.
    if (!reserve(tables, 1)) return undefined;
    tables.entries[start] = lengths.findIndex((length) => length > 0) << 4;
    return { start, mask: 0 };
  }
  const space = counts.reduce((sum, count, length) => sum + count * 2 ** (MAX_LENGTH - length), 0);
  if (space !== 2 ** MAX_LENGTH) return undefined;
  const longest = counts.findLastIndex((count) => count > 0);
  const rootBits = Math.min(ROOT_BITS, longest);
  if (!reserve(tables, 1 << rootBits)) return undefined;
  return fillTables(tables, start, rootBits, counts, lengths)
    ? { start, mask: (1 << rootBits) - 1 }
    : undefined;
}

/** Adds a code of two symbols, or of one, which takes no bits. @returns as `addCode`. */
export function addFew(tables: Tables, one: number, other: number): PrefixCode | undefined {
  const start = tables.used;
  const count = one === other ? 1 : 2;
  if (!reserve(tables, count)) return undefined;
  const length = count - 1;
  tables.entries[start] = (Math.min(one, other) << 4) | length;
  if (count === 2) tables.entries[start + 1] = (Math.max(one, other) << 4) | length;
  return { start, mask: length };
}

/** Codes in canonical order: by length, then by symbol. They are stored with their first bit lowest. */
function fillTables(
  tables: Tables,
  start: number,
  rootBits: number,
  counts: Uint16Array,
  lengths: Uint8Array,
): boolean {
  let code = 0;
  let second = { prefix: -1, start: 0, bits: 0 };
  for (let length = 1; length <= MAX_LENGTH; length++, code <<= 1) {
    let left = counts[length] as number;
    for (let symbol = 0; left > 0; symbol++) {
      if (lengths[symbol] !== length) continue;
      left -= 1;
      const entry = (symbol << 4) | length;
      const reversed = reverse(code, length);
      if (length <= rootBits) {
        spread(tables.entries, start, reversed, length, rootBits, entry);
      } else {
        const prefix = reversed & ((1 << rootBits) - 1);
        if (prefix !== second.prefix) {
          const bits = secondBits(counts, length, left + 1, rootBits);
          second = { prefix, start: tables.used, bits };
          if (!reserve(tables, 1 << bits)) return false;
          tables.entries[start + prefix] = ((second.start - start) << 4) | (rootBits + bits);
        }
        spread(tables.entries, second.start, reversed >> rootBits, length - rootBits, second.bits, entry);
      }
      code += 1;
    }
  }
  return true;
}

/** Size of a second table whose first code has this length: as many entries as fill it. */
function secondBits(counts: Uint16Array, length: number, left: number, rootBits: number): number {
  let bits = length - rootBits;
  let room = (1 << bits) - left;
  for (let longer = length + 1; room > 0 && longer <= MAX_LENGTH; longer++) {
    bits += 1;
    room = 2 * room - (counts[longer] as number);
  }
  return bits;
}

/** Fills all entries whose lowest `length` bits are the code. */
function spread(
  entries: Uint16Array,
  start: number,
  code: number,
  length: number,
  bits: number,
  entry: number,
): void {
  for (let at = code; at < 1 << bits; at += 1 << length) entries[start + at] = entry;
}

function reverse(code: number, length: number): number {
  let reversed = 0;
  for (let i = 0; i < length; i++) reversed |= ((code >> i) & 1) << (length - 1 - i);
  return reversed;
}

function reserve(tables: Tables, count: number): boolean {
  tables.used += count;
  if (tables.used > MAX_ENTRIES) return false;
  if (tables.used > tables.entries.length) {
    const larger = new Uint16Array(2 * Math.max(tables.entries.length, count));
    larger.set(tables.entries);
    tables.entries = larger;
  }
  return true;
}
