/**
 * One interleaved scan of a sequential JPEG with Huffman codes, 8 bits a sample (ISO/IEC 10918-1 Annex F), to a
 * plane of samples for each component.
 *
 * Memory is laid out by hand, and everything here is written anew for each picture: see ../kernel.ts, which calls
 * it. `npm run wasm` builds ../jpeg.wasm from it.
 */
import { at, bits, bitsLeft, count, eightBytes, keepBits, source, startInterval, startScan } from './bits';
import { extended, HAS_VALUE, LENGTH, LOOKUP_BITS, longCode, makeTable, TABLE_BYTES } from './huffman';
import { BLOCK_BYTES, flat, transform } from './transform';

export { COUNTS, OUTPUT, resampleRow, STARTS, setPlanes, workBytes } from './resample';

/** Tables of each kind. */
const TABLES: usize = 4;
const COEFFICIENTS: i32 = 64;
/** Of a code and the number behind it (F.1.2). */
const MOST_BITS: i32 = 16 + 15;
const MAX_COMPONENTS: usize = 3;

/** Steps of a quantisation table, 16 bits each, in zigzag order; behind them what a run beyond the last meets. */
const STEPS_BYTES: usize = 2 * 80;
/** Where in the block the zigzag's coefficients are, in bytes; behind the last, past the block. */
const PLACES = memory.data<u8>([
  0, 2, 16, 32, 18, 4, 6, 20, 34, 48, 64, 50, 36, 22, 8, 10, 24, 38, 52, 66, 80, 96, 82, 68, 54, 40, 26, 12,
  14, 28, 42, 56, 70, 84, 98, 112, 114, 100, 86, 72, 58, 44, 30, 46, 60, 74, 88, 102, 116, 118, 104, 90, 76,
  62, 78, 92, 106, 120, 122, 108, 94, 110, 124, 126, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
  128, 128, 128, 128, 128,
]);

/** A component: numbers of 32 bits; which tables it uses. */
const COMPONENT_BYTES: usize = 32;
const DC_TABLE: usize = 0;
const AC_TABLE: usize = 4;
const STEPS_TABLE: usize = 8;
/** Blocks in an MCU, across and down. */
const ACROSS: usize = 12;
const DOWN: usize = 16;
/** The plane, and the bytes of one of its rows. */
const PLANE: usize = 20;
const STRIDE: usize = 24;
/** The DC coefficient before, not yet multiplied. */
const PREDICTION: usize = 28;

const BLOCK = memory.data(<i32>BLOCK_BYTES + 16, 16);
const DC_TABLES = memory.data(<i32>(TABLES * TABLE_BYTES), 16);
const AC_TABLES = memory.data(<i32>(TABLES * TABLE_BYTES), 16);

/** Where quantisation table 0 is written to; the others follow, `STEPS_BYTES` each. */
export const STEPS = memory.data(<i32>(TABLES * STEPS_BYTES), 16);
/** Where a Huffman table is written to as a DHT segment has it, before `huffmanTable` is called. */
export const CODES = memory.data(16 + 256, 16);
/** Where the components are written to: `COMPONENT_BYTES` each. */
export const COMPONENTS = memory.data(<i32>(MAX_COMPONENTS * COMPONENT_BYTES), 16);
/** From here on memory is the caller's. */
export function freeFrom(): usize {
  return __heap_base;
}

/** Makes table 0–3 of a class, 0 for DC and 1 for AC. @returns whether there can be such codes. */
export function huffmanTable(tableClass: i32, index: i32): bool {
  const tables = tableClass === 0 ? DC_TABLES : AC_TABLES;
  return makeTable(tables + <usize>index * TABLE_BYTES, CODES, tableClass === 0);
}

/**
 * Decodes the scan. Samples are made of the MCUs of the window alone, and planes begin with its first.
 *
 * @param data where the entropy-coded data begin; 16 bytes before them are overwritten, and so are they.
 * @param limit where the file ends; so many bytes more can be read as an MCU can have.
 * @param restart MCUs between restart markers; 0 for none.
 * @returns where the file goes on behind the first marker after the scan; 0 when the data are broken or incomplete.
 */
export function decode(
  data: usize,
  limit: usize,
  components: usize,
  mcuColumns: i32,
  mcuRows: i32,
  restart: i32,
  left: i32,
  right: i32,
  top: i32,
  bottom: i32,
): usize {
  const mcus = mcuColumns * mcuRows;
  const interval = restart === 0 ? mcus : restart;
  memory.fill(BLOCK, 0, BLOCK_BYTES);
  startScan(data);
  let column = 0;
  let row = 0;
  let restarts = 0;
  for (let first = 0; first < mcus; first += interval, restarts++) {
    const marker = startInterval(limit);
    const last = min(mcus, first + interval);
    if (marker === 0 || (last < mcus && marker !== 0xd0 + (restarts & 7))) return 0;
    for (let i: usize = 0; i < MAX_COMPONENTS; i++)
      store<i32>(COMPONENTS + i * COMPONENT_BYTES, 0, PREDICTION);
    for (let mcu = first; mcu < last; mcu++) {
      const isSeen = column >= left && column < right && row >= top && row < bottom;
      if (!decodeMcu(components, column - left, row - top, isSeen)) return 0;
      if (++column === mcuColumns) {
        column = 0;
        row++;
      }
    }
    // More data than an interval needs: those of another one.
    if (last < mcus && bitsLeft() >= 64) return 0;
  }
  return source;
}

function decodeMcu(components: usize, column: i32, row: i32, isSeen: bool): bool {
  for (let i: usize = 0; i < components; i++) {
    const component = COMPONENTS + i * COMPONENT_BYTES;
    const across = load<i32>(component, ACROSS);
    const down = load<i32>(component, DOWN);
    const stride = load<i32>(component, STRIDE);
    for (let y = 0; y < down; y++) {
      for (let x = 0; x < across; x++) {
        const coefficients = decodeBlock(component);
        if (coefficients === 0) return false;
        const out = load<i32>(component, PLANE) + ((row * down + y) * stride + column * across + x) * 8;
        if (coefficients === 1) {
          if (isSeen) flat(load<i16>(BLOCK), out, stride);
        } else if (isSeen) transform(BLOCK, out, stride);
        else memory.fill(BLOCK, 0, BLOCK_BYTES);
      }
    }
  }
  return bitsLeft() >= 0;
}

/**
 * The coefficients of one block, multiplied by their steps (F.2.2). The block is all zeros before.
 *
 * @returns how many there are in zigzag order, or 0 when the data are broken.
 */
function decodeBlock(component: usize): i32 {
  const dcTable = DC_TABLES + <usize>load<u32>(component, DC_TABLE) * TABLE_BYTES;
  const acTable = AC_TABLES + <usize>load<u32>(component, AC_TABLE) * TABLE_BYTES;
  const steps = STEPS + <usize>load<u32>(component, STEPS_TABLE) * STEPS_BYTES;
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
  value += load<i32>(component, PREDICTION);
  store<i32>(component, value, PREDICTION);
  store<i16>(BLOCK, value * load<u16>(steps));

  let k = 1;
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
  // A run that leads past the last coefficient.
  return k > COEFFICIENTS ? 0 : k;
}
