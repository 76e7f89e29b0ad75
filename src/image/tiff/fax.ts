/**
 * Fax compressions (ITU-T T.4 and T.6; TIFF 6.0 §10, §11): rows of black and white, coded by their runs or as changes
 * against the row above.
 *
 * libtiff holds four bytes per pixel of a strip, and scanners write a page as one strip.
 */
import type { ByteRange } from '../header.ts';
import { BLACK_RUNS, RUN_CODE_BITS, WHITE_RUNS } from './fax-codes.ts';

export interface FaxKind {
  /** By runs, from a byte boundary; by runs, or by the row above as a bit says; always by the row above. */
  readonly compression: 'ccitt-rle' | 'ccitt-g3' | 'ccitt-g4';
  /** Group 3 only: whether there is that bit. */
  readonly isTwoDimensional: boolean;
  readonly columns: number;
}

interface Bits {
  readonly bytes: Uint8Array;
  /** Width in bits. */
  at: number;
  readonly end: number;
}

/** A run of this length or more continues with the next code. */
const MAKE_UP = 64;
/** Zeros before the 1 of an end of line. */
const EOL_ZEROS = 11;

/** By the next 7 bits, the modes of T.4 table 4: the code's length, and by how much a change is shifted. */
const MODE_BITS = 7;
const [PASS, HORIZONTAL] = [100, 101] as const;
const MODES: readonly (readonly [code: string, mode: number])[] = [
  ['1', 0],
  ['011', 1],
  ['010', -1],
  ['001', HORIZONTAL],
  ['0001', PASS],
  ['000011', 2],
  ['000010', -2],
  ['0000011', 3],
  ['0000010', -3],
];
const MODE_LENGTHS = new Uint8Array(1 << MODE_BITS);
const MODE_VALUES = new Int8Array(1 << MODE_BITS);
for (const [code, mode] of MODES) {
  const first = Number.parseInt(code.padEnd(MODE_BITS, '0'), 2);
  MODE_LENGTHS.fill(code.length, first, first + (1 << (MODE_BITS - code.length)));
  MODE_VALUES.fill(mode, first, first + (1 << (MODE_BITS - code.length)));
}

/** @param onRow gets one bit per pixel, 1 for black, the first one highest; see `expand`. */
export function expandFax(
  bytes: Uint8Array,
  { start, end }: ByteRange,
  { compression, isTwoDimensional, columns }: FaxKind,
  onRow: (row: Uint8Array) => boolean,
): void {
  const bits: Bits = { bytes, at: start * 8, end: end * 8 };
  const row = new Uint8Array(Math.ceil(columns / 8));
  // Positions of the colour changes, beginning with white, followed by the row's end as often as it may be read.
  let above = new Uint32Array(columns + 4).fill(columns);
  let changes = new Uint32Array(columns + 4);
  do {
    let isByRuns = compression === 'ccitt-rle';
    if (compression === 'ccitt-rle') bits.at = Math.ceil(bits.at / 8) * 8;
    if (compression === 'ccitt-g3') {
      skipEndOfLine(bits);
      isByRuns = !isTwoDimensional || take(bits, 1) === 1;
    }
    const count = isByRuns ? readRuns(bits, columns, changes) : readChanges(bits, columns, above, changes);
    if (count < 0 || bits.at > bits.end) return;
    changes.fill(columns, count, count + 4);
    paint(changes, count, columns, row);
    [above, changes] = [changes, above];
  } while (onRow(row));
}

/** The next bits, zeros beyond the end. */
function peek({ bytes, at }: Bits, count: number): number {
  const byte = at >>> 3;
  const word = ((bytes[byte] ?? 0) << 16) | ((bytes[byte + 1] ?? 0) << 8) | (bytes[byte + 2] ?? 0);
  return (word >>> (24 - (at & 7) - count)) & ((1 << count) - 1);
}

function take(bits: Bits, count: number): number {
  const value = peek(bits, count);
  bits.at += count;
  return value;
}

function skipEndOfLine(bits: Bits): void {
  if (peek(bits, EOL_ZEROS) !== 0) return;
  while (bits.at < bits.end && peek(bits, 1) === 0) bits.at += 1;
  bits.at += 1;
}

/** @returns negative for an invalid code. */
function readRun(bits: Bits, isBlack: boolean): number {
  const runs = isBlack ? BLACK_RUNS : WHITE_RUNS;
  for (let run = 0; ; ) {
    const found = runs[peek(bits, RUN_CODE_BITS)] as number;
    if (found === 0 || bits.at >= bits.end) return -1;
    bits.at += found & 15;
    run += found >> 4;
    if (found >> 4 < MAKE_UP) return run;
  }
}

/** @returns the number of changes; negative if the row is broken, as below. */
function readRuns(bits: Bits, columns: number, changes: Uint32Array): number {
  let count = 0;
  for (let at = 0, isBlack = false; at < columns; isBlack = !isBlack) {
    const run = readRun(bits, isBlack);
    // Empty runs do not end the row.
    if (run < 0 || count > columns) return -1;
    at += run;
    if (at > columns) return -1;
    changes[count++] = at;
  }
  return count;
}

function readChanges(bits: Bits, columns: number, above: Uint32Array, changes: Uint32Array): number {
  let count = 0;
  let next = 0;
  for (let at = -1, isBlack = false; at < columns; ) {
    const code = peek(bits, MODE_BITS);
    const length = MODE_LENGTHS[code] as number;
    if (length === 0 || bits.at >= bits.end || count > columns) return -1;
    bits.at += length;
    // The first change above that is to the right of this position and to the other colour. Within bounds: the end is
    // there.
    while ((above[next] as number) <= at && (above[next] as number) < columns) next += 2;
    const mode = MODE_VALUES[code] as number;
    if (mode === PASS) {
      at = above[next + 1] as number;
    } else if (mode === HORIZONTAL) {
      const first = readRun(bits, isBlack);
      const second = first < 0 ? -1 : readRun(bits, !isBlack);
      const change = Math.max(at, 0) + first;
      if (second < 0 || change + second > columns) return -1;
      changes[count++] = change;
      at = change + second;
      changes[count++] = at;
    } else {
      const change = (above[next] as number) + mode;
      if (change < Math.max(at, 0) || change > columns) return -1;
      changes[count++] = change;
      at = change;
      isBlack = !isBlack;
      next += next > 0 ? -1 : 1;
    }
  }
  return count;
}

function paint(changes: Uint32Array, count: number, columns: number, row: Uint8Array): void {
  row.fill(0);
  for (let i = 0; i < count; i += 2) {
    const [from, to] = [changes[i] as number, Math.min(changes[i + 1] as number, columns)];
    const [first, last] = [from >> 3, to >> 3];
    if (from >= to) continue;
    const head = 0xff >> (from & 7);
    const tail = 0xff00 >> (to & 7);
    if (first === last) row[first] = (row[first] as number) | (head & tail);
    else {
      row[first] = (row[first] as number) | head;
      row.fill(0xff, first + 1, last);
      if (last < row.length) row[last] = (row[last] as number) | (tail & 0xff);
    }
  }
}
