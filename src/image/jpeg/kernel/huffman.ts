/**
 * Huffman tables for fast look-up (ISO/IEC 10918-1 Annex C and F.2.2).
 *
 * The next bits are an index into the table. Most codes with the bits of the number after them fit into the index, and
 * then the entry contains the number itself.
 *
 * For skipping a block's coefficients, another table has the total length of as many codes, with the bits of their
 * numbers, as fit into its index.
 */

/** Bits of the index. */
export const LOOKUP_BITS: i32 = 10;

/** Set in an entry that contains the number. */
export const HAS_VALUE: i32 = 0x80;
/** The lowest bits of an entry: how many bits of the data it stands for. */
export const LENGTH: i32 = 0x1f;

const MAX_LENGTH: i32 = 16;
/** 8-bit samples have no larger differences (F.1.2.1.1). */
const MAX_DC_SIZE: i32 = 11;

// A table has entries of 4 bytes, then data to find longer codes: for each length, the first code beyond it, as 16
// bits, and the offset from a code to its symbol's index; then the symbols.
const LIMITS_AT: usize = 4 << LOOKUP_BITS;
const OFFSETS_AT: usize = LIMITS_AT + 17 * 4;
const SYMBOLS_AT: usize = OFFSETS_AT + 17 * 4;

/** Bytes of a table. */
export const TABLE_BYTES: usize = SYMBOLS_AT + 256;

/**
 * @param counts address of the number of codes of each length, 16 bytes, followed by their symbols.
 * @returns whether the codes are valid.
 */
export function makeTable(table: usize, counts: usize, isDc: bool): bool {
  memory.fill(table, 0, LIMITS_AT);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= MAX_LENGTH; length++) {
    const count: i32 = load<u8>(counts + length - 1);
    if (code + count > 1 << length || index + count > 256) return false;
    store<i32>(table + OFFSETS_AT + (length << 2), index - code);
    for (let i = 0; i < count; i++, code++, index++) {
      const symbol: i32 = load<u8>(counts + MAX_LENGTH + index);
      if (isDc && symbol > MAX_DC_SIZE) return false;
      store<u8>(table + SYMBOLS_AT + index, symbol);
      if (length <= LOOKUP_BITS) spread(table, code, length, symbol, isDc);
    }
    store<u32>(table + LIMITS_AT + (length << 2), code << (MAX_LENGTH - length));
    code <<= 1;
  }
  return true;
}

/** Writes the entries of all indices that begin with the code. */
function spread(table: usize, code: i32, length: i32, symbol: i32, isDc: bool): void {
  const rest = LOOKUP_BITS - length;
  const run = symbol >> 4;
  const size = symbol & 15;
  const isEnd = !isDc && size === 0 && run !== 15;
  const hasValue = !isEnd && size <= rest;
  const first = table + (code << (rest + 2));
  for (let suffix = 0; suffix < 1 << rest; suffix++) {
    let entry = (size << 16) | (run << 8) | length;
    if (hasValue) {
      const value = size === 0 ? 0 : extended(suffix >> (rest - size), size);
      entry = (value << 16) | (run << 8) | HAS_VALUE | (length + size);
    }
    store<i32>(first + (suffix << 2), entry);
  }
}

/**
 * The entry of a code that is longer than an index, without its number: its size in the upper half, then the run of
 * zeros before it, and the length of the code.
 *
 * @param bits the next of the data, from the highest.
 * @returns 0 for an invalid code.
 */
export function longCode(table: usize, bits: u64): i32 {
  const next = <u32>(bits >> 48);
  for (let length = LOOKUP_BITS + 1; length <= MAX_LENGTH; length++) {
    if (next >= load<u32>(table + LIMITS_AT + (length << 2))) continue;
    const index = <i32>(next >> (MAX_LENGTH - length)) + load<i32>(table + OFFSETS_AT + (length << 2));
    const symbol: i32 = load<u8>(table + SYMBOLS_AT + index);
    return ((symbol & 15) << 16) | ((symbol >> 4) << 8) | length;
  }
  return 0;
}

/** F.2.2.1, EXTEND: the lower half of the numbers of a size represents the negative ones. */
export function extended(bits: i32, size: i32): i32 {
  return bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
}

/** Bits of the index into a skipping table. */
export const SKIP_BITS: i32 = 13;
/** Size of a skipping table: entries of 2 bytes. */
export const SKIPS_BYTES: usize = 2 << SKIP_BITS;
/** The lowest bits of an entry: how many bits it stands for; 0 if the first code alone is longer than an index. */
export const SKIPPED_LENGTH: i32 = 0x0f;
/** The bits above: how many coefficients. */
export const SKIPPED_SHIFT: i32 = 4;
/** Set in an entry whose last code ends the block. */
export const SKIPPED_END: i32 = 0x8000;

/** Built from a table of AC codes. */
export function makeSkips(skips: usize, table: usize): void {
  for (let index: u32 = 0; index < 1 << SKIP_BITS; index++) {
    let next = index << (32 - SKIP_BITS);
    let length = 0;
    let coefficients = 0;
    let end = 0;
    while (end === 0) {
      const entry = load<i32>(table + ((next >> (32 - LOOKUP_BITS)) << 2));
      if (entry === 0) break;
      const run = (entry >> 8) & 15;
      const size = (entry & HAS_VALUE) !== 0 ? 0 : entry >> 16;
      const bits = (entry & LENGTH) + size;
      if (length + bits > SKIP_BITS) break;
      length += bits;
      next <<= bits;
      if ((entry & HAS_VALUE) === 0 && size === 0) end = SKIPPED_END;
      else coefficients += run + 1;
    }
    // 13 codes with runs of 15 exceed the field. Any count beyond the block means the same, so it is clamped.
    store<u16>(skips + (index << 1), end | (min(coefficients, 127) << SKIPPED_SHIFT) | length);
  }
}
