/**
 * Decodes one interleaved scan of a sequential JPEG with Huffman codes, 8 bits per sample (ISO/IEC 10918-1 Annex F), to
 * the network's input: one row of MCUs at a time, at full size, a half, a quarter or an eighth.
 *
 * Memory is laid out by hand, and everything in it is rewritten for each picture: see ../kernel.ts, which calls this.
 * `npm run wasm` builds ../jpeg.wasm from it.
 */
import {
  BEFORE_BYTES,
  bitsLeft,
  emptyWindow,
  forgetData,
  hasMcu,
  MCU_BYTES,
  marker,
  openWindow,
  source,
  startInterval,
} from './bits';
import { BLOCK, decodeBlock } from './block';
import { transformToHalf, transformToQuarter } from './reduced';
import { addRows } from './resample';
import { keepLastRows, needsNeighbours } from './rows';
import { BLOCK_BYTES, flat, transform } from './transform';

export { CODES, huffmanTable, STEPS } from './block';
export { COLUMN_COUNTS, COLUMN_STARTS, ROW_COUNTS, ROW_STARTS, setTaps } from './resample';
export { rowsBytes, setPlanes } from './rows';

const MAX_COMPONENTS: usize = 3;

/** A component, in 32-bit numbers: which tables it uses. */
const COMPONENT_BYTES: usize = 36;
const DC_TABLE: usize = 0;
const AC_TABLE: usize = 4;
const STEPS_TABLE: usize = 8;
/** Blocks in an MCU, across and down. */
const ACROSS: usize = 12;
const DOWN: usize = 16;
/** Samples of a block, across and down: 8, 4, 2 or 1. */
const SIDE: usize = 20;
/** The band of its plane, and the bytes of one of its rows. */
const PLANE: usize = 24;
const STRIDE: usize = 28;
/** The previous DC coefficient, before dequantisation. */
const PREDICTION: usize = 32;

/** Where to write the components: `COMPONENT_BYTES` each. */
export const COMPONENTS = memory.data(<i32>(MAX_COMPONENTS * COMPONENT_BYTES), 16);

/** Results of `decode`. */
const BROKEN: i32 = 0;
const DONE: i32 = 1;
const WANTS_MORE: i32 = 2;

let components: usize = 0;
let mcuColumns: i32 = 0;
let mcuRows: i32 = 0;
let left: i32 = 0;
let right: i32 = 0;
let top: i32 = 0;
let bottom: i32 = 0;
let interval: i32 = 0;
let window: usize = 0;
let column: i32 = 0;
let row: i32 = 0;
/** MCUs up to the next restart marker, and the number of markers so far. */
let untilRestart: i32 = 0;
let restarts: i32 = 0;

/** From here on memory belongs to the caller. */
export function freeFrom(): usize {
  return __heap_base;
}

/** Bytes before the window that are overwritten, and after it that are read. */
export function beforeWindow(): usize {
  return BEFORE_BYTES;
}
export function behindWindow(): usize {
  return MCU_BYTES;
}

/** Bytes of the window that have been consumed. */
export function taken(): usize {
  return source - window;
}

/**
 * Begins a scan. Samples are made of the MCUs from `firstColumn` and `firstRow` to `endColumn` and `endRow`, exclusive,
 * and bands begin with the first MCU of a row.
 *
 * @param restart MCUs between restart markers; 0 for none.
 */
export function begin(
  count: usize,
  columns: i32,
  rows: i32,
  firstColumn: i32,
  endColumn: i32,
  firstRow: i32,
  endRow: i32,
  restart: i32,
  windowAt: usize,
): void {
  components = count;
  mcuColumns = columns;
  mcuRows = rows;
  left = firstColumn;
  right = endColumn;
  top = firstRow;
  bottom = endRow;
  interval = restart === 0 ? columns * rows : restart;
  window = windowAt;
  column = 0;
  row = 0;
  untilRestart = 0;
  restarts = 0;
  memory.fill(BLOCK, 0, BLOCK_BYTES);
  forgetData();
}

/**
 * Decodes as much as is in the window.
 *
 * @param length bytes of the file in the window, from the first one not consumed before.
 * @param isLast whether the file ends with them.
 */
export function decode(length: usize, isLast: bool): i32 {
  openWindow(window, length, isLast);
  const state = decodeWindow();
  if (state === WANTS_MORE) emptyWindow(window);
  return state;
}

function decodeWindow(): i32 {
  while (row < mcuRows) {
    if (untilRestart === 0) {
      if (column > 0 || row > 0) {
        // More data than an interval needs: they belong to another one.
        if (bitsLeft() >= 64) return BROKEN;
        if (marker === 0) return WANTS_MORE;
        if (marker !== 0xd0 + (restarts & 7)) return BROKEN;
        restarts++;
      }
      startInterval();
      for (let i: usize = 0; i < MAX_COMPONENTS; i++) {
        store<i32>(COMPONENTS + i * COMPONENT_BYTES, 0, PREDICTION);
      }
      untilRestart = interval;
    }
    if (!hasMcu()) return WANTS_MORE;
    const isSeen = column >= left && column < right && row >= top && row < bottom;
    if (!decodeMcu(column - left, isSeen)) return BROKEN;
    untilRestart--;
    if (++column === mcuColumns) {
      if (row >= top && row < bottom) addBand(row - top);
      column = 0;
      row++;
    }
  }
  return DONE;
}

function decodeMcu(column: i32, isSeen: bool): bool {
  for (let i: usize = 0; i < components; i++) {
    const component = COMPONENTS + i * COMPONENT_BYTES;
    const across = load<i32>(component, ACROSS);
    const down = load<i32>(component, DOWN);
    const side = load<i32>(component, SIDE);
    const stride = load<i32>(component, STRIDE);
    const dcTable: usize = load<u32>(component, DC_TABLE);
    const acTable: usize = load<u32>(component, AC_TABLE);
    const steps: usize = load<u32>(component, STEPS_TABLE);
    const isWhole = isSeen && side > 1;
    for (let y = 0; y < down; y++) {
      for (let x = 0; x < across; x++) {
        const coefficients = decodeBlock(component + PREDICTION, dcTable, acTable, steps, isWhole);
        if (coefficients === 0) return false;
        if (!isSeen) continue;
        const out = load<i32>(component, PLANE) + (y * stride + column * across + x) * side;
        if (coefficients === 1) flat(load<i16>(BLOCK), out, stride, side);
        else if (side === 8) transform(BLOCK, out, stride);
        else if (side === 4) transformToHalf(BLOCK, out, stride);
        else transformToQuarter(BLOCK, out, stride);
      }
    }
  }
  return bitsLeft() >= 0;
}

/** Passes a band's rows to the resize: if they need those below, all but the last, and that of the previous band. */
function addBand(band: i32): void {
  const lumaRows = load<i32>(COMPONENTS, DOWN) * load<i32>(COMPONENTS, SIDE);
  const chromaRows =
    load<i32>(COMPONENTS + COMPONENT_BYTES, DOWN) * load<i32>(COMPONENTS + COMPONENT_BYTES, SIDE);
  const first = band * lumaRows;
  const chromaFirst = band * chromaRows;
  if (!needsNeighbours()) {
    addRows(first, first + lumaRows, first, chromaFirst);
    return;
  }
  const isLast = top + band + 1 === bottom;
  addRows(band === 0 ? 0 : first - 1, first + lumaRows - (isLast ? 0 : 1), first, chromaFirst);
  keepLastRows(lumaRows, chromaRows);
}
