/**
 * The kernel in wasm (`kernel/scan.ts`), and the layout of its memory: first its own data, then a window of the file, a
 * band of the planes, the resize's working memory, and the network's input. It keeps no state between pictures.
 */
import type { HuffmanCodes, JpegScan } from '../headers/jpeg-scan.ts';
import { INPUT_SIDE, type Taps } from '../resample/taps.ts';
import jpegWasm from './jpeg.wasm';
import type { Layout } from './layout.ts';

/** The same as in `kernel/scan.ts`. */
const STEPS_BYTES = 160;
const COMPONENT_BYTES = 36;
const DONE = 1;
const WANTS_MORE = 2;
/** Tables of each kind. */
const TABLES = 4;
/** The counts of a table's codes by length, and the symbols. */
const CODES_BYTES = 16 + 256;

/** Bytes of the file that are in memory at once. */
export const WINDOW_BYTES = 65_536;
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
  readonly COLUMN_STARTS: Address;
  readonly COLUMN_COUNTS: Address;
  readonly ROW_STARTS: Address;
  readonly ROW_COUNTS: Address;
  freeFrom(): number;
  beforeWindow(): number;
  behindWindow(): number;
  rowsBytes(width: number): number;
  /** 1 if the codes are valid, else 0. */
  huffmanTable(tableClass: number, index: number): number;
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
    isInterpolated: number,
    isRgb: number,
    work: number,
  ): void;
  setTaps(
    columnWeights: number,
    columnStride: number,
    rowWeights: number,
    rowStride: number,
    sums: number,
    slots: number,
    output: number,
  ): void;
  begin(
    components: number,
    columns: number,
    rows: number,
    left: number,
    right: number,
    top: number,
    bottom: number,
    restart: number,
    window: number,
  ): void;
  /** `DONE`, `WANTS_MORE`, or 0 if the data are broken or incomplete. */
  decode(length: number, isLast: number): number;
  taken(): number;
}

let loaded: Exports | undefined;

function kernel(): Exports {
  // The only cast at the boundary to wasm: exports are untyped, and `npm run check -- wasm` builds it from its source.
  loaded ??= new WebAssembly.Instance(jpegWasm).exports as unknown as Exports;
  return loaded;
}

/** Bytes of wasm memory held now; 0 before the first picture. */
export function jpegMemoryBytes(): number {
  return loaded?.memory.buffer.byteLength ?? 0;
}

/** A scan, and how to decode it. */
export interface Task {
  readonly scan: JpegScan;
  readonly layout: Layout;
  /** Whether the components are red, green and blue, and not YCbCr. */
  readonly isRgb: boolean;
  /** Resize weights for the samples of the layout. */
  readonly columns: Taps;
  readonly rows: Taps;
}

/**
 * Decodes and resizes.
 *
 * @param input destination: 3 planes of 224×224 in [−1, 1].
 * @returns false if the data are broken or incomplete, or there is not enough memory.
 */
export function decodeScan(bytes: Uint8Array, task: Task, input: Float32Array): boolean {
  const { scan, layout } = task;
  if (!scan.codes.every((one) => setCodes(one))) return false;
  setSteps(scan);
  const places = placesFor(task);
  if (!grow(kernel().memory, places.end)) return false;
  setUp(task, places);
  if (!decodeInWindows(bytes, scan.start, places.window)) return false;
  const { buffer } = kernel().memory;
  for (let plane = 0; plane < 3; plane++) {
    const from = places.output + (layout.planes.length === 1 ? 0 : plane) * PLANE * 4;
    input.set(new Float32Array(buffer, from, PLANE), plane * PLANE);
  }
  return true;
}

function decodeInWindows(bytes: Uint8Array, start: number, window: number): boolean {
  const { memory, decode, taken } = kernel();
  let at = start;
  while (true) {
    const part = bytes.subarray(at, at + WINDOW_BYTES);
    new Uint8Array(memory.buffer, window).set(part);
    const isLast = at + part.length === bytes.length;
    const state = decode(part.length, isLast ? 1 : 0);
    if (state !== WANTS_MORE || isLast) return state === DONE;
    at += taken();
  }
}

/** The layout of the memory. */
interface Places {
  readonly window: number;
  /** The first row of each plane. */
  readonly planes: readonly number[];
  readonly work: number;
  readonly sums: number;
  readonly slots: number;
  readonly columnWeights: number;
  readonly rowWeights: number;
  readonly output: number;
  readonly end: number;
}

function placesFor({ layout: { planes }, columns, rows }: Task): Places {
  const { freeFrom, beforeWindow, behindWindow, rowsBytes } = kernel();
  let free = freeFrom();
  const take = (bytes: number) => {
    const at = free;
    free = (at + bytes + 15) & ~15;
    return at;
  };
  const window = take(beforeWindow() + WINDOW_BYTES + behindWindow()) + beforeWindow();
  // With a row before the first.
  const planesAt = planes.map(({ width, height }) => take(width * (height + 1)) + width);
  const width = planes[0]?.width ?? 0;
  const work = take(rowsBytes(width));
  const slots = mostAtOnce(rows);
  const sums = take(slots * rowsBytes(width));
  const columnWeights = take(columns.weights.byteLength);
  const rowWeights = take(rows.weights.byteLength);
  const output = take(3 * PLANE * Float32Array.BYTES_PER_ELEMENT);
  return { window, planes: planesAt, work, sums, slots, columnWeights, rowWeights, output, end: free };
}

/** The most outputs that a source row contributes to. */
function mostAtOnce({ starts, counts }: Taps): number {
  let most = 1;
  for (let first = 0, last = 0; last < INPUT_SIDE; last++) {
    while ((starts[first] as number) + (counts[first] as number) <= (starts[last] as number)) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

function setUp({ scan, layout, isRgb, columns, rows }: Task, places: Places): void {
  const { memory, COLUMN_STARTS, COLUMN_COUNTS, ROW_STARTS, ROW_COUNTS, ...exports } = kernel();
  const { planes, shrink, left, right, top, bottom } = layout;
  const [luma, chroma = luma] = planes;
  if (luma === undefined || chroma === undefined) return;
  setComponents(scan, layout, places.planes);
  const [lumaAt = 0, cbAt = lumaAt, crAt = cbAt] = places.planes;
  // libjpeg uses the nearest sample at an eighth, and for rows with fewer than three samples.
  const isHalvedAcross = luma.width > chroma.width;
  const isInterpolated = shrink < 8 && (!isHalvedAcross || chroma.left + chroma.lastColumn >= 2);
  exports.setPlanes(
    planes.length,
    lumaAt,
    luma.width,
    cbAt,
    crAt,
    chroma.width,
    chroma.lastColumn,
    chroma.lastRow,
    luma.height > chroma.height ? 1 : 0,
    isInterpolated ? 1 : 0,
    isRgb ? 1 : 0,
    places.work,
  );
  const { buffer } = memory;
  new Int32Array(buffer, COLUMN_STARTS.value, INPUT_SIDE).set(columns.starts.map((at) => at - luma.left));
  new Int32Array(buffer, COLUMN_COUNTS.value, INPUT_SIDE).set(columns.counts);
  new Int32Array(buffer, ROW_STARTS.value, INPUT_SIDE).set(rows.starts.map((at) => at - luma.top));
  new Int32Array(buffer, ROW_COUNTS.value, INPUT_SIDE).set(rows.counts);
  new Float32Array(buffer, places.columnWeights).set(columns.weights);
  new Float32Array(buffer, places.rowWeights).set(rows.weights);
  const { columnWeights, rowWeights, sums, slots, output, window } = places;
  exports.setTaps(columnWeights, columns.stride, rowWeights, rows.stride, sums, slots, output);
  const size = [layout.columns, layout.rows] as const;
  exports.begin(planes.length, ...size, left, right, top, bottom, scan.restartInterval, window);
}

/** @returns whether there is so much memory: the module has a maximum, and no picture has needed it yet. */
function grow(memory: WebAssembly.Memory, bytes: number): boolean {
  const pages = Math.ceil((bytes - memory.buffer.byteLength) / PAGE_BYTES);
  try {
    if (pages > 0) memory.grow(pages);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
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

function setComponents({ components }: JpegScan, { planes }: Layout, planesAt: readonly number[]): void {
  const { memory, COMPONENTS } = kernel();
  for (const [i, { across, down, side, width }] of planes.entries()) {
    const { dcCodes = 0, acCodes = 0, steps = 0 } = components[i] ?? {};
    const words = new Int32Array(memory.buffer, COMPONENTS.value + i * COMPONENT_BYTES, COMPONENT_BYTES / 4);
    words.set([dcCodes, acCodes, steps, across, down, side, planesAt[i] ?? 0, width, 0]);
  }
}
