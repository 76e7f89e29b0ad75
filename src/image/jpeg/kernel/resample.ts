/**
 * The resize of a decoded picture, a row of the network's input at a time: its rows are added up by weight, down the
 * columns first, and the sums then filtered along the row. Colours are computed on the way, pixel by pixel, as
 * libjpeg does: Cb and Cr are interpolated to full size, and what no screen shows is cut off.
 */

/** Outputs in a row, in each of three planes. */
const OUTPUTS: usize = 224;
const PLANE_BYTES: usize = 4 * OUTPUTS;
/** To each row of sums, of the zeros that are read with the last taps. */
const ZEROS_BYTES: usize = 16;
/** Around a row of Cb or Cr, for the neighbours of its first and last samples. */
const MARGIN_BYTES: usize = 16;

/** Where columns' taps begin in the planes, and how many there are: 224 numbers each. */
export const STARTS = memory.data(896, 16);
export const COUNTS = memory.data(896, 16);
/** Three planes of a row of outputs, in [−1, 1]; of a grey picture the first. */
export const OUTPUT = memory.data(2688, 16);

let components: usize = 0;
let luma: usize = 0;
let width: usize = 0;
let cb: usize = 0;
let cr: usize = 0;
let chromaWidth: usize = 0;
let lastChroma: usize = 0;
let lastChromaRow: i32 = 0;
let isHalvedDown: bool = false;
let sums: usize = 0;
let sumsBytes: usize = 0;
let chromaRow: usize = 0;
let cbRow: usize = 0;
let crRow: usize = 0;

/**
 * The planes, each with a row right behind the one before.
 *
 * @param lastColumn and `lastRow`: those of Cb and Cr with which the picture ends, counted from the planes' first.
 * @param work so many bytes of memory as `workBytes` says.
 */
export function setPlanes(
  count: usize,
  lumaAt: usize,
  lumaWidth: usize,
  cbAt: usize,
  crAt: usize,
  colourWidth: usize,
  lastColumn: usize,
  lastRow: i32,
  halvedDown: bool,
  work: usize,
): void {
  components = count;
  luma = lumaAt;
  width = lumaWidth;
  cb = cbAt;
  cr = crAt;
  chromaWidth = colourWidth;
  lastChroma = min(lastColumn, colourWidth - 1);
  lastChromaRow = lastRow;
  isHalvedDown = halvedDown;
  sums = work;
  sumsBytes = 4 * width + ZEROS_BYTES;
  chromaRow = sums + 3 * sumsBytes + MARGIN_BYTES;
  cbRow = chromaRow + 2 * width + MARGIN_BYTES;
  crRow = cbRow + 2 * width;
}

export function workBytes(lumaWidth: usize): usize {
  return 3 * (4 * lumaWidth + ZEROS_BYTES) + 2 * MARGIN_BYTES + 6 * lumaWidth;
}

/**
 * Makes a row of outputs.
 *
 * @param first of the planes' rows, and how many.
 * @param rowWeights one for each of them.
 * @param columnWeights those of the columns, with so many from one output to the next; a multiple of 4, and those
 *   behind an output's own are 0.
 */
export function resampleRow(
  first: i32,
  count: i32,
  rowWeights: usize,
  columnWeights: usize,
  stride: usize,
): void {
  memory.fill(sums, 0, 3 * sumsBytes);
  for (let i = 0; i < count; i++) {
    const weight = f32x4.splat(load<f32>(rowWeights + ((<usize>i) << 2)));
    if (components === 1) addGrey(first + i, weight);
    else addColours(first + i, weight);
  }
  for (let plane: usize = 0; plane < components; plane++) {
    filterColumns(sums + plane * sumsBytes, OUTPUT + plane * PLANE_BYTES, columnWeights, stride);
  }
}

function addGrey(row: i32, weight: v128): void {
  const from = luma + <usize>row * width;
  for (let x: usize = 0; x < width; x += 8) {
    add(sums + (x << 2), v128.load_ext<u8>(from + x), weight);
  }
}

function addColours(row: i32, weight: v128): void {
  interpolate(cb, row, cbRow);
  interpolate(cr, row, crRow);
  const from = luma + <usize>row * width;
  for (let x: usize = 0; x < width; x += 8) {
    const y = v128.load_ext<u8>(from + x);
    const blue = v128.load(cbRow + (x << 1));
    const red = v128.load(crRow + (x << 1));
    // ITU-T T.871 section 7. Factors from 1 on are split, so that the rest fits 16 bits: 1.402 is 1 + 0.402.
    const to = sums + (x << 2);
    const r = i16x8.add(i16x8.add(y, red), i16x8.q15mulr_sat_s(red, i16x8.splat(13173)));
    add(to, clamped(r), weight);
    const rounding = i32x4.splat(32768);
    const factors = i16x8(-22554, 18734, -22554, 18734, -22554, 18734, -22554, 18734);
    const low = i32x4.dot_i16x8_s(v128.shuffle<i16>(blue, red, 0, 8, 1, 9, 2, 10, 3, 11), factors);
    const high = i32x4.dot_i16x8_s(v128.shuffle<i16>(blue, red, 4, 12, 5, 13, 6, 14, 7, 15), factors);
    const both = i16x8.narrow_i32x4_s(
      i32x4.shr_s(i32x4.add(low, rounding), 16),
      i32x4.shr_s(i32x4.add(high, rounding), 16),
    );
    add(to + sumsBytes, clamped(i16x8.add(i16x8.sub(y, red), both)), weight);
    const b = i16x8.add(i16x8.add(y, i16x8.add(blue, blue)), i16x8.q15mulr_sat_s(blue, i16x8.splat(-7471)));
    add(to + 2 * sumsBytes, clamped(b), weight);
  }
}

function clamped(values: v128): v128 {
  return i16x8.min_s(i16x8.max_s(values, i16x8.splat(0)), i16x8.splat(255));
}

/** Adds eight values to eight sums. */
function add(to: usize, values: v128, weight: v128): void {
  const low = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(values));
  const high = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(values));
  v128.store(to, f32x4.add(v128.load(to), f32x4.mul(low, weight)));
  v128.store(to, f32x4.add(v128.load(to, 16), f32x4.mul(high, weight)), 16);
}

/**
 * A row of Cb or Cr at the size of Y, around 0, in 16 bits: three parts of the nearest sample and one of the next
 * nearest, down and then across, rounded up and down by turns as libjpeg does.
 */
function interpolate(plane: usize, row: i32, to: usize): void {
  const near = isHalvedDown ? row >> 1 : row;
  const far = isHalvedDown ? min(lastChromaRow, max(0, (row & 1) === 0 ? near - 1 : near + 1)) : near;
  const nearRow = plane + <usize>near * chromaWidth;
  const farRow = plane + <usize>far * chromaWidth;
  for (let x: usize = 0; x < chromaWidth; x += 8) {
    const three = i16x8.mul(v128.load_ext<u8>(nearRow + x), i16x8.splat(3));
    v128.store(chromaRow + (x << 1), i16x8.add(three, v128.load_ext<u8>(farRow + x)));
  }
  const middle = i16x8.splat(128);
  if (chromaWidth === width) {
    const rounding = i16x8.splat((row & 1) === 0 ? 1 : 2);
    for (let x: usize = 0; x < width; x += 8) {
      const sum = i16x8.add(v128.load(chromaRow + (x << 1)), rounding);
      v128.store(to + (x << 1), i16x8.sub(i16x8.shr_u(sum, 2), middle));
    }
    return;
  }
  store<i16>(chromaRow - 2, load<i16>(chromaRow));
  store<i16>(chromaRow + (lastChroma << 1), load<i16>(chromaRow + (lastChroma << 1)), 2);
  const evenRounding = i16x8.splat(isHalvedDown ? 8 : 4);
  const oddRounding = i16x8.splat(isHalvedDown ? 7 : 8);
  for (let x: usize = 0; x < chromaWidth; x += 8) {
    const from = chromaRow + (x << 1);
    const three = i16x8.mul(v128.load(from), i16x8.splat(3));
    const even = i16x8.add(i16x8.add(three, v128.load(from - 2)), evenRounding);
    const odd = i16x8.add(i16x8.add(three, v128.load(from, 2)), oddRounding);
    const evens = i16x8.sub(i16x8.shr_u(even, 4), middle);
    const odds = i16x8.sub(i16x8.shr_u(odd, 4), middle);
    v128.store(to + (x << 2), v128.shuffle<i16>(evens, odds, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(to + (x << 2), v128.shuffle<i16>(evens, odds, 4, 12, 5, 13, 6, 14, 7, 15), 16);
  }
}

/** 224 outputs of a row of sums, four taps at a time; from 0…255 to [−1, 1]. */
function filterColumns(row: usize, to: usize, weights: usize, stride: usize): void {
  for (let output: usize = 0; output < PLANE_BYTES; output += 4) {
    let from = row + ((<usize>load<u32>(STARTS + output)) << 2);
    let tap = weights;
    const end = tap + ((<usize>load<u32>(COUNTS + output)) << 2);
    let sum = f32x4.mul(v128.load(from), v128.load(tap));
    for (tap += 16; tap < end; tap += 16) {
      from += 16;
      sum = f32x4.add(sum, f32x4.mul(v128.load(from), v128.load(tap)));
    }
    sum = f32x4.add(sum, v128.shuffle<i32>(sum, sum, 2, 3, 0, 1));
    const value = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1);
    store<f32>(to + output, value * <f32>(2.0 / 255.0) - 1.0);
    weights += stride << 2;
  }
}
