/** The segments of a progressive JPEG that its DC coefficients depend on (ISO/IEC 10918-1 B.2). */
import type { JpegHeader } from '../header.ts';
import { viewOf } from '../headers/bytes.ts';

/** One component: its DC coefficients, as far as they are known. */
export interface Component {
  readonly id: number;
  /** Sampling factors. */
  readonly across: number;
  readonly down: number;
  readonly quantTable: number;
  /** Blocks in a row of the plane, and rows; padded to whole MCUs. */
  readonly columns: number;
  readonly rows: number;
  readonly dc: Int16Array;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  /** The largest sampling factors. */
  readonly across: number;
  readonly down: number;
  readonly components: readonly Component[];
}

/** A Huffman table in its file (B.2.4.2): the counts of its codes of 1–16 bits, and their symbols. */
export interface StoredCodes {
  readonly counts: Uint8Array;
  readonly symbols: Uint8Array;
}

const BLOCK = 8;

/**
 * SOF2.
 *
 * @param segment after its length.
 * @param header the one that the account has used.
 * @returns undefined if this is not the frame of that header: its planes could have any size.
 */
export function readFrame(segment: Uint8Array, header: JpegHeader): Frame | undefined {
  const view = viewOf(segment);
  const count = segment[5] ?? 0;
  if (segment.length !== 6 + 3 * count) return undefined;
  const [height, width] = [view.getUint16(1), view.getUint16(3)];
  const stated = Array.from({ length: count }, (_, i) => {
    const factors = view.getUint8(7 + i * 3);
    return {
      id: view.getUint8(6 + i * 3),
      across: factors >> 4,
      down: factors & 0x0f,
      quantTable: view.getUint8(8 + i * 3),
    };
  });
  const across = Math.max(...stated.map((component) => component.across));
  const down = Math.max(...stated.map((component) => component.down));
  const mcuColumns = Math.ceil(width / (BLOCK * across));
  const mcuRows = Math.ceil(height / (BLOCK * down));
  const planes = stated.map((component) => ({
    ...component,
    columns: mcuColumns * component.across,
    rows: mcuRows * component.down,
  }));
  const samples = planes.reduce((sum, { columns, rows }) => sum + columns * rows * BLOCK * BLOCK, 0);
  if (width !== header.width || height !== header.height || samples !== header.storedSamples)
    return undefined;
  const components = planes.map((plane) => ({ ...plane, dc: new Int16Array(plane.columns * plane.rows) }));
  return { width, height, across, down, components };
}

/** DQT (B.2.4.1): each table's first element, which is DC's. */
export function readQuantTables(segment: Uint8Array, dcSteps: Map<number, number>): void {
  let at = 0;
  while (at < segment.length) {
    const head = segment[at] ?? 0;
    const wide = head >> 4 !== 0;
    const [first = 0, second = 0] = segment.subarray(at + 1, at + 3);
    dcSteps.set(head & 0x0f, wide ? (first << 8) | second : first);
    at += 1 + BLOCK * BLOCK * (wide ? 2 : 1);
  }
}

/** DHT (B.2.4.2): the tables of class 0, which are DC's. */
export function readHuffmanTables(segment: Uint8Array, tables: Map<number, StoredCodes>): void {
  let at = 0;
  while (at + 17 <= segment.length) {
    const head = segment[at] ?? 0;
    const counts = segment.subarray(at + 1, at + 17);
    const symbols = counts.reduce((sum, count) => sum + count, 0);
    if (head >> 4 === 0) {
      tables.set(head & 0x0f, { counts, symbols: segment.subarray(at + 17, at + 17 + symbols) });
    }
    at += 17 + symbols;
  }
}
