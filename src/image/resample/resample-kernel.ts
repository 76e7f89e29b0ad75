/**
 * The inner loops of the resize and of the thumbnail in wasm, four numbers at a time (`resample.wat`).
 *
 * One output row is made at a time: source rows are copied in and summed by weight, down the columns first, and the
 * sums are then filtered along the row. The rows are copied because they are in a decoder's memory, which takes a
 * hundredth of the time. In JavaScript all this takes some eight times as long, and was a seventh of the time for a
 * 640×480 JPEG.
 */
import { THUMBNAIL_SIDE } from '../fingerprint.ts';
import { type Pixels, RGBA } from '../pixels.ts';
import resampleWasm from './resample.wasm';
import { INPUT_SIDE, type Taps } from './taps.ts';

/** Layout of the wasm's memory, as in `resample.wat`. */
const ROW_AT = 0;
const STARTS_AT = 327_760;
const COUNTS_AT = 328_656;
const OUTPUT_AT = 329_552;
const WEIGHTS_AT = 332_240;
const WHITE = 255;
/** Bytes that are read at once, also at the end of a row. */
const LANES_BYTES = 16;

interface Exports {
  readonly memory: WebAssembly.Memory;
  clear(bytes: number): void;
  isOpaque(bytes: number): number;
  addRow(bytes: number, weight: number): void;
  addRowOnWhite(bytes: number, weight: number): void;
  filterColumns(stepBytes: number, stride: number, grey: number): void;
  greyBlocks(): void;
}

export interface RowFilter {
  /** Adds `weight` times the source row `y` to the present row. */
  add(y: number, weight: number): void;
  /**
   * Finishes the row: 224 outputs in each of three planes, in [−1, 1]. Valid until the next call of any function here.
   */
  finish(): readonly [red: Float32Array, green: Float32Array, blue: Float32Array];
}

let loaded: Exports | undefined;

function kernel(): Exports {
  // The only cast at the boundary to wasm: exports are untyped, and `npm run check -- wasm` builds it from its text.
  loaded ??= new WebAssembly.Instance(resampleWasm).exports as unknown as Exports;
  return loaded;
}

/** A filter for the rows of one picture, which must be finished before the next picture's is created. */
export function rowFilter(pixels: Pixels, { starts, counts, weights, stride }: Taps): RowFilter {
  const { memory, clear, isOpaque, addRow, addRowOnWhite, filterColumns } = kernel();
  const { buffer } = memory;
  const { data, width, height, layout = RGBA, canvas } = pixels;
  const { bytesPerPixel, alpha } = layout;
  const first = starts[0] as number;
  const columns = (starts[INPUT_SIDE - 1] as number) + (counts[INPUT_SIDE - 1] as number) - first;
  new Int32Array(buffer, STARTS_AT, INPUT_SIDE).set(starts.map((start) => start - first));
  new Int32Array(buffer, COUNTS_AT, INPUT_SIDE).set(counts);
  new Float32Array(buffer, WEIGHTS_AT, weights.length).set(weights);

  const isRgba = bytesPerPixel === RGBA.bytesPerPixel && alpha === RGBA.alpha;
  const asStored = bytesPerPixel <= RGBA.bytesPerPixel && (alpha === undefined || isRgba);
  const step = asStored ? bytesPerPixel : RGBA.bytesPerPixel;
  const bytes = columns * step;
  const { left, top } = canvas ?? { left: 0, top: 0 };
  // The part of the row with pixels of the picture; the rest is canvas.
  const begin = Math.min(Math.max(left, first), first + columns);
  const end = Math.max(begin, Math.min(left + width, first + columns));
  const inRow = (begin - first) * step;
  const row = new Uint8Array(buffer, ROW_AT, bytes + LANES_BYTES).fill(WHITE);
  const output = new Float32Array(buffer, OUTPUT_AT, 3 * INPUT_SIDE);
  const planes = [0, 1, 2].map((plane) => output.subarray(plane * INPUT_SIDE, (plane + 1) * INPUT_SIDE));
  const [red = output, green = output, blue = output] = planes;
  clear(bytes);

  return {
    add(y, weight) {
      const from = ((y - top) * width + begin - left) * bytesPerPixel;
      if (canvas !== undefined) row.fill(WHITE, 0, bytes);
      if (y >= top && y < top + height) {
        if (asStored) row.set(data.subarray(from, from + (end - begin) * step), inRow);
        else copyAsRgba(data, from, layout, row.subarray(inRow), end - begin);
      }
      if (alpha === undefined || isOpaque(bytes) === 1) addRow(bytes, weight);
      else addRowOnWhite(bytes, weight);
    },
    finish() {
      filterColumns(step * Float32Array.BYTES_PER_ELEMENT, stride, asStored && layout.grey ? 1 : 0);
      clear(bytes);
      return [red, green, blue];
    },
  };
}

/**
 * The network's input in grey, each pixel the sum of a block.
 *
 * @param input NCHW float32 [1, 3, 224, 224].
 * @returns 32×32 sums of 7×7, row by row.
 */
export function thumbnailOf(input: Float32Array): Float32Array {
  const { memory, greyBlocks } = kernel();
  const rows = (INPUT_SIDE / THUMBNAIL_SIDE) * INPUT_SIDE;
  const strip = new Float32Array(memory.buffer, ROW_AT, 3 * rows);
  const output = new Float32Array(memory.buffer, OUTPUT_AT, THUMBNAIL_SIDE);
  const thumbnail = new Float32Array(THUMBNAIL_SIDE * THUMBNAIL_SIDE);
  for (let y = 0; y < THUMBNAIL_SIDE; y++) {
    for (let plane = 0; plane < 3; plane++) {
      const from = plane * INPUT_SIDE * INPUT_SIDE + y * rows;
      strip.set(input.subarray(from, from + rows), plane * rows);
    }
    greyBlocks();
    thumbnail.set(output, y * THUMBNAIL_SIDE);
  }
  return thumbnail;
}

/** For rare layouts: grey with alpha, and more than four bytes per pixel. */
function copyAsRgba(
  data: Uint8Array,
  from: number,
  { bytesPerPixel, grey, alpha }: NonNullable<Pixels['layout']>,
  row: Uint8Array,
  columns: number,
): void {
  const [toGreen, toBlue] = grey ? [0, 0] : [1, 2];
  for (let column = 0, at = from, to = 0; column < columns; column++, at += bytesPerPixel, to += 4) {
    row[to] = data[at] as number;
    row[to + 1] = data[at + toGreen] as number;
    row[to + 2] = data[at + toBlue] as number;
    row[to + 3] = alpha === undefined ? 255 : (data[at + alpha] as number);
  }
}
