/** The scans of a progressive JPEG that hold DC coefficients (ISO/IEC 10918-1 G.1.2.1). */
import { type BitReader, bitReader } from './bits.ts';
import type { Component, Frame } from './frame.ts';

export interface DcScan {
  readonly parts: readonly ScanPart[];
  /** Whether it is not the first scan of its coefficients: it adds one bit to each. */
  readonly refines: boolean;
  /** The bits by which the coefficients are still shifted. */
  readonly shift: number;
  /** MCUs between restart markers; 0 for none. */
  readonly restartInterval: number;
}

interface ScanPart {
  readonly component: Component;
  readonly table: Uint16Array;
}

/** Bits that a DC difference may have: 11 for pictures of 8 bits, and some for unusual encoders. */
const MAX_DIFFERENCE_BITS = 15;

/**
 * Reads a scan into the components' planes.
 *
 * @param start of the entropy-coded data.
 * @returns false if the data end too early.
 */
export function readDcScan(bytes: Uint8Array, start: number, scan: DcScan, frame: Frame): boolean {
  const reader = bitReader(bytes, start);
  const { parts, restartInterval } = scan;
  const readers = parts.map((part) => blockReader(reader, part, scan));
  const [only, ...others] = readers;
  const single = others.length === 0 ? only : undefined;
  const { columns, rows } = single === undefined ? mcusOf(frame) : blocksOf(single.component, frame);
  let untilRestart = restartInterval;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (restartInterval > 0 && untilRestart-- === 0) {
        if (reader.overran()) return false;
        reader.restart();
        for (const block of readers) block.reset();
        untilRestart = restartInterval - 1;
      }
      if (single === undefined) {
        for (const block of readers) readMcu(block, column, row);
      } else {
        single.read(row * single.component.columns + column);
      }
    }
    if (reader.overran()) return false;
  }
  return true;
}

interface BlockReader {
  readonly component: Component;
  /** Reads the coefficient of one block, by its index in the plane. */
  read(at: number): void;
  /** Resets the predictions. */
  reset(): void;
}

function blockReader(reader: BitReader, { component, table }: ScanPart, scan: DcScan): BlockReader {
  const { dc } = component;
  const { refines, shift } = scan;
  let prediction = 0;
  return {
    component,
    read(at) {
      if (refines) {
        // Within bounds: `at` is a block of the plane.
        dc[at] = (dc[at] as number) | (reader.bits(1) << shift);
        return;
      }
      const size = Math.min(reader.symbol(table), MAX_DIFFERENCE_BITS);
      const bits = reader.bits(size);
      // F.2.2.1, EXTEND: the lower half of the values represents the negative ones.
      prediction += size > 0 && bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
      dc[at] = prediction << shift;
    },
    reset() {
      prediction = 0;
    },
  };
}

/** Several components in a scan are interleaved: this many blocks of each in an MCU (A.2.3). */
function readMcu({ component, read }: BlockReader, column: number, row: number): void {
  const { across, down, columns } = component;
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) read((row * down + y) * columns + column * across + x);
  }
}

function mcusOf({ components }: Frame): { columns: number; rows: number } {
  const [first] = components;
  if (first === undefined) return { columns: 0, rows: 0 };
  return { columns: first.columns / first.across, rows: first.rows / first.down };
}

/** A single component is stored without the padding to whole MCUs (A.2.2). */
function blocksOf({ across, down }: Component, frame: Frame): { columns: number; rows: number } {
  return {
    columns: Math.ceil(Math.ceil((frame.width * across) / frame.across) / 8),
    rows: Math.ceil(Math.ceil((frame.height * down) / frame.down) / 8),
  };
}
