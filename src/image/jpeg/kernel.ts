/**
 * The kernel in wasm (`kernel/scan.ts`), and where things lie in its memory: first what is its own, then the file
 * from its scan on, then the planes, then what the resize works with. It has no state from one picture to the next.
 */
import type { HuffmanCodes, JpegScan } from '../headers/jpeg-scan.ts';
import { INPUT_SIDE, type Taps } from '../resample/taps.ts';
import jpegWasm from './jpeg.wasm';
import type { Layout } from './layout.ts';

/** As `kernel/scan.ts` has them. */
const STEPS_BYTES = 160;
const COMPONENT_BYTES = 32;
/** Of each kind. */
const TABLES = 4;
/** The lengths of a table's codes, and the symbols. */
const CODES_BYTES = 16 + 256;

/** Before the scan's data, for what is read of them in whole vectors. */
const BEFORE_BYTES = 16;
/** Behind the file: broken data are noticed at the end of an MCU, of 6 blocks of 64 coefficients of 31 bits. */
const BEHIND_BYTES = 2048;
const PAGE_BYTES = 65_536;
const PLANE = INPUT_SIDE * INPUT_SIDE;

/** A global of the kernel. */
interface Address {
  readonly value: number;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly STEPS: Address;
  readonly CODES: Address;
  readonly COMPONENTS: Address;
  readonly STARTS: Address;
  readonly COUNTS: Address;
  readonly OUTPUT: Address;
  freeFrom(): number;
  /** 1 where there can be such codes, else 0. */
  huffmanTable(tableClass: number, index: number): number;
  /** Where the file goes on; 0 when the data are broken or incomplete. */
  decode(
    data: number,
    limit: number,
    components: number,
    columns: number,
    rows: number,
    restart: number,
    left: number,
    right: number,
    top: number,
    bottom: number,
  ): number;
  workBytes(width: number): number;
  setPlanes(
    components: number,
    luma: number,
    width: number,
    cb: number,
    cr: number,
    chromaWidth: number,
    lastColumn: number,
    lastRow: number,
    isHalvedDown: number,
    work: number,
  ): void;
  resampleRow(first: number, count: number, rowWeights: number, columnWeights: number, stride: number): void;
}

let loaded: Exports | undefined;

function kernel(): Exports {
  // The one cast at the border to wasm: exports are untyped, and `npm run check -- wasm` builds it from its source.
  loaded ??= new WebAssembly.Instance(jpegWasm).exports as unknown as Exports;
  return loaded;
}

/** Bytes of wasm memory held now; 0 before the first picture. */
export function jpegMemoryBytes(): number {
  return loaded?.memory.buffer.byteLength ?? 0;
}

export interface DecodedScan {
  /** Where each plane is in the kernel's memory, until the next picture, and where they all end. */
  readonly planesAt: readonly number[];
  readonly planesEnd: number;
  /** Where the file goes on: behind the first marker after the scan. */
  readonly fileAt: number;
}

/** @returns undefined when the data are broken or incomplete. */
export function decodeScan(bytes: Uint8Array, scan: JpegScan, layout: Layout): DecodedScan | undefined {
  const { memory, decode, freeFrom } = kernel();
  const data = freeFrom() + BEFORE_BYTES;
  const limit = data + bytes.length - scan.start;
  const firstPlane = aligned(limit + BEHIND_BYTES);
  grow(memory, firstPlane + layout.bytes);
  new Uint8Array(memory.buffer, data).set(bytes.subarray(scan.start));
  if (!scan.codes.every((codes) => setCodes(codes))) return undefined;
  setSteps(scan);
  const planesAt = setComponents(scan, layout, firstPlane);
  const { columns, rows, left, right, top, bottom } = layout;
  const count = scan.components.length;
  const end = decode(data, limit, count, columns, rows, scan.restartInterval, left, right, top, bottom);
  if (end === 0) return undefined;
  return { planesAt, planesEnd: firstPlane + layout.bytes, fileAt: end - data + scan.start };
}

/** Resizes the planes that were decoded last. @param input is filled: 3 planes of 224×224 in [−1, 1]. */
export function resizePlanes(
  { planesAt, planesEnd }: DecodedScan,
  { planes }: Layout,
  columns: Taps,
  rows: Taps,
  input: Float32Array,
): void {
  const { memory, STARTS, COUNTS, OUTPUT, setPlanes, resampleRow, workBytes } = kernel();
  const [luma, chroma = luma] = planes;
  const [lumaAt = 0, cbAt = 0, crAt = 0] = planesAt;
  if (luma === undefined || chroma === undefined) return;
  const work = aligned(planesEnd);
  const columnWeights = aligned(work + workBytes(luma.width));
  const rowWeights = columnWeights + columns.weights.byteLength;
  grow(memory, rowWeights + rows.weights.byteLength);
  const { buffer } = memory;
  new Int32Array(buffer, STARTS.value, INPUT_SIDE).set(columns.starts.map((start) => start - luma.left));
  new Int32Array(buffer, COUNTS.value, INPUT_SIDE).set(columns.counts);
  new Float32Array(buffer, columnWeights).set(columns.weights);
  new Float32Array(buffer, rowWeights).set(rows.weights);
  const { width, lastColumn, lastRow } = chroma;
  const isHalvedDown = luma.down > chroma.down ? 1 : 0;
  const { length } = planes;
  setPlanes(length, lumaAt, luma.width, cbAt, crAt, width, lastColumn, lastRow, isHalvedDown, work);
  const outputs = planes.map(
    (_, i) => new Float32Array(buffer, OUTPUT.value + i * INPUT_SIDE * 4, INPUT_SIDE),
  );
  const [red = new Float32Array(), green = red, blue = red] = outputs;
  for (let o = 0; o < INPUT_SIDE; o++) {
    const first = (rows.starts[o] as number) - luma.top;
    const weights = rowWeights + o * rows.stride * Float32Array.BYTES_PER_ELEMENT;
    resampleRow(first, rows.counts[o] as number, weights, columnWeights, columns.stride);
    input.set(red, o * INPUT_SIDE);
    input.set(green, PLANE + o * INPUT_SIDE);
    input.set(blue, 2 * PLANE + o * INPUT_SIDE);
  }
}

function aligned(at: number): number {
  return (at + 15) & ~15;
}

function grow(memory: WebAssembly.Memory, bytes: number): void {
  const pages = Math.ceil((bytes - memory.buffer.byteLength) / PAGE_BYTES);
  if (pages > 0) memory.grow(pages);
}

function setCodes({ tableClass, index, data }: HuffmanCodes): boolean {
  const { memory, CODES, huffmanTable } = kernel();
  if (data.length > CODES_BYTES || index >= TABLES || tableClass > 1) return false;
  new Uint8Array(memory.buffer, CODES.value, data.length).set(data);
  return huffmanTable(tableClass, index) === 1;
}

function setSteps({ steps }: JpegScan): void {
  const { memory, STEPS } = kernel();
  for (const [index, table] of steps) {
    if (index >= TABLES) continue;
    new Uint16Array(memory.buffer, STEPS.value + index * STEPS_BYTES, table.length).set(table);
  }
}

/** @returns where the planes begin. */
function setComponents({ components }: JpegScan, { planes }: Layout, firstPlane: number): number[] {
  const { memory, COMPONENTS } = kernel();
  let at = firstPlane;
  return planes.map(({ across, down, width, bytes }, i) => {
    const { dcCodes = 0, acCodes = 0, steps = 0 } = components[i] ?? {};
    const words = new Int32Array(memory.buffer, COMPONENTS.value + i * COMPONENT_BYTES, COMPONENT_BYTES / 4);
    words.set([dcCodes, acCodes, steps, across, down, at, width, 0]);
    at += bytes;
    return at - bytes;
  });
}
