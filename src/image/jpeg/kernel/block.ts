/** The coefficients of one block (ISO/IEC 10918-1 F.2.2). */
import { at, bits, count, eightBytes, keepBits } from './bits';
import {
  extended,
  HAS_VALUE,
  LENGTH,
  LOOKUP_BITS,
  longCode,
  makeSkips,
  makeTable,
  SKIP_BITS,
  SKIPPED_END,
  SKIPPED_LENGTH,
  SKIPPED_SHIFT,
  SKIPS_BYTES,
  TABLE_BYTES,
} from './huffman';
import { BLOCK_BYTES } from './transform';

/** Tables of each kind. */
const TABLES: usize = 4;
const COEFFICIENTS: i32 = 64;
/** Bits of a code and the number after it (F.1.2). */
const MOST_BITS: i32 = 16 + 15;

/** Steps of a quantisation table, 16 bits each, in zigzag order, padded for a run beyond the last. */
const STEPS_BYTES: usize = 2 * 80;
/** Byte offsets in the block of the zigzag's coefficients; after the last, beyond the block. */
const PLACES = memory.data<u8>([
  0, 2, 16, 32, 18, 4, 6, 20, 34, 48, 64, 50, 36, 22, 8, 10, 24, 38, 52, 66, 80, 96, 82, 68, 54, 40, 26, 12,
  14, 28, 42, 56, 70, 84, 98, 112, 114, 100, 86, 72, 58, 44, 30, 46, 60, 74, 88, 102, 116, 118, 104, 90, 76,
  62, 78, 92, 106, 120, 122, 108, 94, 110, 124, 126, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
  128, 128, 128, 128, 128,
]);

const DC_TABLES = memory.data(<i32>(TABLES * TABLE_BYTES), 16);
const AC_TABLES = memory.data(<i32>(TABLES * TABLE_BYTES), 16);
const SKIPS = memory.data(<i32>(TABLES * SKIPS_BYTES), 16);

/** Address of quantisation table 0; the others follow, `STEPS_BYTES` each. */
export const STEPS = memory.data(<i32>(TABLES * STEPS_BYTES), 16);
/** Address to write a Huffman table to, in the form of a DHT segment, before `huffmanTable` is called. */
export const CODES = memory.data(16 + 256, 16);

/** The dequantised coefficients of the last block, as rows of 16-bit numbers. */
export const BLOCK = memory.data(<i32>BLOCK_BYTES + 16, 16);

/** Builds table 0–3 of a class, 0 for DC and 1 for AC. @returns whether the codes are valid. */
export function huffmanTable(tableClass: i32, index: i32): bool {
  const table = (tableClass === 0 ? DC_TABLES : AC_TABLES) + <usize>index * TABLE_BYTES;
  if (!makeTable(table, CODES, tableClass === 0)) return false;
  if (tableClass === 1) makeSkips(SKIPS + <usize>index * SKIPS_BYTES, table);
  return true;
}

/**
 * Decodes a block. Before the call `BLOCK` is all zeros, except for the first coefficient.
 *
 * @param prediction address of the previous DC coefficient, before dequantisation.
 * @param isWhole whether more than the DC coefficient is needed.
 * @returns the number of coefficients in zigzag order, 1 if no more are needed, or 0 if the data are broken.
 */
export function decodeBlock(
  prediction: usize,
  dcIndex: usize,
  acIndex: usize,
  stepsIndex: usize,
  isWhole: bool,
): i32 {
  const dcTable = DC_TABLES + dcIndex * TABLE_BYTES;
  const acTable = AC_TABLES + acIndex * TABLE_BYTES;
  const steps = STEPS + stepsIndex * STEPS_BYTES;
  let next = bits;
  let valid = count;
  let from = at;

  next |= eightBytes(from) >> valid;
  from += (63 - valid) >> 3;
  valid |= 56;
  let entry = load<i32>(dcTable + ((<usize>(next >> (64 - LOOKUP_BITS))) << 2));
  let value = entry >> 16;
  if ((entry & HAS_VALUE) === 0) {
    if (entry === 0) entry = longCode(dcTable, next);
    if (entry === 0) return 0;
    const size = entry >> 16;
    const length = entry & LENGTH;
    value = size === 0 ? 0 : extended(<i32>((next << length) >> (64 - size)), size);
    entry = length + size;
  }
  next <<= entry & LENGTH;
  valid -= entry & LENGTH;
  value += load<i32>(prediction);
  store<i32>(prediction, value);
  store<i16>(BLOCK, value * load<u16>(steps));

  let k = 1;
  if (!isWhole) {
    const skips = SKIPS + acIndex * SKIPS_BYTES;
    while (k < COEFFICIENTS) {
      next |= eightBytes(from) >> valid;
      from += (63 - valid) >> 3;
      valid |= 56;
      while (valid >= MOST_BITS) {
        entry = load<u16>(skips + ((<usize>(next >> (64 - SKIP_BITS))) << 1));
        const then = k + ((entry & ~SKIPPED_END) >> SKIPPED_SHIFT);
        // Of several codes in an entry, those after the last coefficient belong to the next block.
        if (entry === 0 || then >= COEFFICIENTS) break;
        k = then;
        next <<= entry & SKIPPED_LENGTH;
        valid -= entry & SKIPPED_LENGTH;
        if ((entry & SKIPPED_END) !== 0) {
          keepBits(next, valid, from);
          return 1;
        }
      }
      if (valid < MOST_BITS) continue;
      entry = load<i32>(acTable + ((<usize>(next >> (64 - LOOKUP_BITS))) << 2));
      if (entry === 0) entry = longCode(acTable, next);
      if (entry === 0) return 0;
      const size = (entry & HAS_VALUE) !== 0 ? 0 : entry >> 16;
      const run = (entry >> 8) & 15;
      next <<= (entry & LENGTH) + size;
      valid -= (entry & LENGTH) + size;
      if ((entry & HAS_VALUE) === 0 && size === 0 && run !== 15) break;
      k += run + 1;
    }
    keepBits(next, valid, from);
    return k > COEFFICIENTS ? 0 : 1;
  }

  while (k < COEFFICIENTS) {
    next |= eightBytes(from) >> valid;
    from += (63 - valid) >> 3;
    valid |= 56;
    entry = load<i32>(acTable + ((<usize>(next >> (64 - LOOKUP_BITS))) << 2));
    while ((entry & HAS_VALUE) !== 0) {
      k += (entry >> 8) & 15;
      store<i16>(BLOCK + load<u8>(PLACES + k), (entry >> 16) * load<u16>(steps + (k << 1)));
      next <<= entry & LENGTH;
      valid -= entry & LENGTH;
      if (++k >= COEFFICIENTS || valid < MOST_BITS) break;
      entry = load<i32>(acTable + ((<usize>(next >> (64 - LOOKUP_BITS))) << 2));
    }
    if ((entry & HAS_VALUE) !== 0) continue;
    if (entry === 0) entry = longCode(acTable, next);
    if (entry === 0) return 0;
    const size = entry >> 16;
    const length = entry & LENGTH;
    const run = (entry >> 8) & 15;
    next <<= length;
    valid -= length;
    if (size === 0) {
      if (run !== 15) break;
      k += 16;
      continue;
    }
    k += run;
    value = extended(<i32>(next >> (64 - size)), size);
    store<i16>(BLOCK + load<u8>(PLACES + k), value * load<u16>(steps + (k << 1)));
    next <<= size;
    valid -= size;
    k++;
  }
  keepBits(next, valid, from);
  // A run that leads beyond the last coefficient.
  return k > COEFFICIENTS ? 0 : k;
}
