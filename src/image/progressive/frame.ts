/** What the segments of a progressive JPEG say that its DC coefficients depend on (ISO/IEC 10918-1 B.2). */
import { viewOf } from '../headers/bytes.ts';
import { huffmanTable } from './bits.ts';

/** One component: its DC coefficients, as they are known so far. */
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

const BLOCK = 8;

/** SOF2. `segment` starts after its length; the frame has passed the header's reader before. */
export function readFrame(segment: Uint8Array): Frame {
  const view = viewOf(segment);
  const [height, width] = [view.getUint16(1), view.getUint16(3)];
  const stated = Array.from({ length: view.getUint8(5) }, (_, i) => {
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
  const components = stated.map((component) => {
    const [columns, rows] = [mcuColumns * component.across, mcuRows * component.down];
    return { ...component, columns, rows, dc: new Int16Array(columns * rows) };
  });
  return { width, height, across, down, components };
}

/** DQT (B.2.4.1): each table's first element, which is DC's. */
export function readQuantTables(segment: Uint8Array, dcSteps: Map<number, number>): void {
  const view = viewOf(segment);
  let at = 0;
  while (at < segment.length) {
    const head = view.getUint8(at);
    const wide = head >> 4 !== 0;
    dcSteps.set(head & 0x0f, wide ? view.getUint16(at + 1) : view.getUint8(at + 1));
    at += 1 + BLOCK * BLOCK * (wide ? 2 : 1);
  }
}

/** DHT (B.2.4.2): the tables of class 0, which are DC's. */
export function readHuffmanTables(segment: Uint8Array, tables: Map<number, Uint16Array>): void {
  let at = 0;
  while (at + 17 <= segment.length) {
    const head = segment[at] ?? 0;
    const counts = segment.subarray(at + 1, at + 17);
    const symbols = counts.reduce((sum, count) => sum + count, 0);
    if (head >> 4 === 0) {
      tables.set(head & 0x0f, huffmanTable(counts, segment.subarray(at + 17, at + 17 + symbols)));
    }
    at += 17 + symbols;
  }
}
