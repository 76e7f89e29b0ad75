/**
 * Resizes a picture whose rows arrive in order: each is added by weight to the outputs that it contributes to, and an
 * output's sums are filtered along the row when its last row has arrived.
 */
import { components, makeRow, row, rowBytes } from './rows';

/** Outputs in a row, and rows of outputs in a plane. */
const OUTPUTS: i32 = 224;
const ROW_BYTES: usize = 4 * OUTPUTS;
const PLANE_BYTES: usize = ROW_BYTES * OUTPUTS;

/** Where taps begin and how many there are, counted from the first kept sample: 224 numbers each. */
export const COLUMN_STARTS = memory.data(896, 16);
export const COLUMN_COUNTS = memory.data(896, 16);
export const ROW_STARTS = memory.data(896, 16);
export const ROW_COUNTS = memory.data(896, 16);

let columnWeights: usize = 0;
let columnStride: usize = 0;
let rowWeights: usize = 0;
let rowStride: usize = 0;
let sums: usize = 0;
let slots: i32 = 0;
let output: usize = 0;
/** The first output that is not done. */
let unfinished: i32 = 0;

/**
 * @param columns weights of the columns, `columnsStride` from one output to the next: a multiple of 4, where those
 *   after an output's own are 0. The same for `rows`.
 * @param sumsAt and `slotCount`: the rows of sums, as many as outputs in progress at once.
 * @param outputAt three planes of 224×224, in [−1, 1]; only the first for a grey picture.
 */
export function setTaps(
  columns: usize,
  columnsStride: usize,
  rows: usize,
  rowsStride: usize,
  sumsAt: usize,
  slotCount: i32,
  outputAt: usize,
): void {
  columnWeights = columns;
  columnStride = columnsStride << 2;
  rowWeights = rows;
  rowStride = rowsStride << 2;
  sums = sumsAt;
  slots = slotCount;
  output = outputAt;
  unfinished = 0;
}

/** Adds rows of a band from `from` to `to`, exclusive, counted from the first kept row. */
export function addRows(from: i32, to: i32, lumaFirst: i32, chromaFirst: i32): void {
  for (let y = from; y < to; y++) {
    if (unfinished === OUTPUTS || y < load<i32>(ROW_STARTS + ((<usize>unfinished) << 2))) continue;
    makeRow(y, lumaFirst, chromaFirst);
    addToOutputs(y);
  }
}

function addToOutputs(y: i32): void {
  const bytes = components * rowBytes;
  for (let o = unfinished; o < OUTPUTS; o++) {
    const tap = y - load<i32>(ROW_STARTS + ((<usize>o) << 2));
    if (tap < 0) break;
    const weight = f32x4.splat(load<f32>(rowWeights + <usize>o * rowStride + ((<usize>tap) << 2)));
    const to = sums + <usize>(o % slots) * 3 * rowBytes;
    if (tap === 0) {
      for (let i: usize = 0; i < bytes; i += 16) {
        v128.store(to + i, f32x4.mul(v128.load(row + i), weight));
      }
    } else {
      for (let i: usize = 0; i < bytes; i += 16) {
        v128.store(to + i, f32x4.add(v128.load(to + i), f32x4.mul(v128.load(row + i), weight)));
      }
    }
    if (tap === load<i32>(ROW_COUNTS + ((<usize>o) << 2)) - 1) {
      for (let plane: usize = 0; plane < components; plane++) {
        filterColumns(to + plane * rowBytes, output + plane * PLANE_BYTES + <usize>o * ROW_BYTES);
      }
      unfinished = o + 1;
    }
  }
}

/** 224 outputs of a row of sums, four taps at a time; from 0…255 to [−1, 1]. */
function filterColumns(from: usize, to: usize): void {
  let weights = columnWeights;
  for (let o: usize = 0; o < ROW_BYTES; o += 4) {
    let at = from + ((<usize>load<u32>(COLUMN_STARTS + o)) << 2);
    let tap = weights;
    const end = tap + ((<usize>load<u32>(COLUMN_COUNTS + o)) << 2);
    let sum = f32x4.mul(v128.load(at), v128.load(tap));
    for (tap += 16; tap < end; tap += 16) {
      at += 16;
      sum = f32x4.add(sum, f32x4.mul(v128.load(at), v128.load(tap)));
    }
    sum = f32x4.add(sum, v128.shuffle<i32>(sum, sum, 2, 3, 0, 1));
    const value = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1);
    store<f32>(to + o, value * <f32>(2.0 / 255.0) - 1.0);
    weights += columnStride;
  }
}
