/**
 * Makes rows of colours from a band of the planes, at the size of Y. Colours are computed per pixel as libjpeg does:
 * subsampled Cb and Cr are interpolated, and results are clipped to 0…255.
 */

/** Padding of each row of colours, with zeros that are read with the last taps. */
export const ZEROS_BYTES: usize = 16;
/** Padding of a row of Cb or Cr, for the neighbours of its first and last samples. */
const MARGIN_BYTES: usize = 16;

/** The planes and their layout: one for each component. */
export let components: usize = 0;
export let width: usize = 0;
let luma: usize = 0;
let cb: usize = 0;
let cr: usize = 0;
let chromaWidth: usize = 0;
let lastChroma: usize = 0;
let lastChromaRow: i32 = 0;
let isHalvedDown: bool = false;
let isInterpolated: bool = false;
let isRgb: bool = false;
let chromaRow: usize = 0;
let cbRow: usize = 0;
let crRow: usize = 0;

/** The row that was made last: each colour as 32-bit floats, 0…255, `rowBytes` of them; one for a grey picture. */
export let row: usize = 0;
export let rowBytes: usize = 0;

/**
 * The planes' bands, each with its rows consecutive, and a row before the first that keeps the last row of the previous
 * band.
 *
 * @param lastColumn and `lastRow`: the last ones of Cb and Cr in the picture, counted from the first kept.
 * @param work working memory, as many bytes as `rowsBytes` says.
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
  interpolated: bool,
  rgb: bool,
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
  isInterpolated = interpolated;
  isRgb = rgb;
  row = work;
  rowBytes = 4 * width + ZEROS_BYTES;
  memory.fill(row, 0, 3 * rowBytes);
  chromaRow = row + 3 * rowBytes + MARGIN_BYTES;
  cbRow = chromaRow + 2 * width + MARGIN_BYTES;
  crRow = cbRow + 2 * width;
}

export function rowsBytes(lumaWidth: usize): usize {
  return 3 * (4 * lumaWidth + ZEROS_BYTES) + 2 * MARGIN_BYTES + 6 * lumaWidth;
}

/** Whether a row of colours needs Cb and Cr of the rows above and below. */
export function needsNeighbours(): bool {
  return components > 1 && isHalvedDown && isInterpolated;
}

/**
 * Makes `row`.
 *
 * @param y its index, from the first kept row.
 * @param lumaFirst row with which the band begins; likewise `chromaFirst` for Cb and Cr.
 */
export function makeRow(y: i32, lumaFirst: i32, chromaFirst: i32): void {
  const from = luma + <usize>(y - lumaFirst) * width;
  if (components === 1) {
    for (let x: usize = 0; x < width; x += 8) put(row + (x << 2), v128.load_ext<u8>(from + x));
    return;
  }
  const near = isHalvedDown ? y >> 1 : y;
  const next = min(lastChromaRow, max(0, (y & 1) === 0 ? near - 1 : near + 1));
  const far = needsNeighbours() ? next : near;
  const nearAt = <usize>(near - chromaFirst) * chromaWidth;
  const farAt = <usize>(far - chromaFirst) * chromaWidth;
  const rounding = (y & 1) === 0 ? 1 : 2;
  interpolate(cb + nearAt, cb + farAt, rounding, cbRow);
  interpolate(cr + nearAt, cr + farAt, rounding, crRow);
  if (isRgb) putColours(from);
  else putConverted(from);
}

/** ITU-T T.871 section 7. Factors of 1 and more are split, so that the rest fits 16 bits: 1.402 is 1 + 0.402. */
function putConverted(from: usize): void {
  for (let x: usize = 0; x < width; x += 8) {
    const y = v128.load_ext<u8>(from + x);
    const blue = v128.load(cbRow + (x << 1));
    const red = v128.load(crRow + (x << 1));
    const to = row + (x << 2);
    const r = i16x8.add(i16x8.add(y, red), i16x8.q15mulr_sat_s(red, i16x8.splat(13173)));
    put(to, clamped(r));
    const rounding = i32x4.splat(32768);
    const factors = i16x8(-22554, 18734, -22554, 18734, -22554, 18734, -22554, 18734);
    const low = i32x4.dot_i16x8_s(v128.shuffle<i16>(blue, red, 0, 8, 1, 9, 2, 10, 3, 11), factors);
    const high = i32x4.dot_i16x8_s(v128.shuffle<i16>(blue, red, 4, 12, 5, 13, 6, 14, 7, 15), factors);
    const both = i16x8.narrow_i32x4_s(
      i32x4.shr_s(i32x4.add(low, rounding), 16),
      i32x4.shr_s(i32x4.add(high, rounding), 16),
    );
    put(to + rowBytes, clamped(i16x8.add(i16x8.sub(y, red), both)));
    const b = i16x8.add(i16x8.add(y, i16x8.add(blue, blue)), i16x8.q15mulr_sat_s(blue, i16x8.splat(-7471)));
    put(to + 2 * rowBytes, clamped(b));
  }
}

/** For components that are the colours themselves. */
function putColours(from: usize): void {
  const middle = i16x8.splat(128);
  for (let x: usize = 0; x < width; x += 8) {
    const to = row + (x << 2);
    put(to, v128.load_ext<u8>(from + x));
    put(to + rowBytes, i16x8.add(v128.load(cbRow + (x << 1)), middle));
    put(to + 2 * rowBytes, i16x8.add(v128.load(crRow + (x << 1)), middle));
  }
}

function clamped(values: v128): v128 {
  return i16x8.min_s(i16x8.max_s(values, i16x8.splat(0)), i16x8.splat(255));
}

/** Eight values as floats. */
function put(to: usize, values: v128): void {
  v128.store(to, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(values)));
  v128.store(to, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(values)), 16);
}

/**
 * A row of Cb or Cr at the size of Y, centred on 0, in 16 bits: three parts of the nearest sample and one of the next
 * nearest, down and then across, rounded up and down alternately as in libjpeg. Where libjpeg uses only the nearest, so
 * does this.
 */
function interpolate(nearRow: usize, farRow: usize, rounding: i32, to: usize): void {
  const middle = i16x8.splat(128);
  const isHalvedAcross = chromaWidth !== width;
  if (!isHalvedAcross || !isInterpolated) {
    for (let x: usize = 0; x < chromaWidth; x += 8) {
      const three = i16x8.mul(v128.load_ext<u8>(nearRow + x), i16x8.splat(3));
      const sum = i16x8.add(three, v128.load_ext<u8>(farRow + x));
      const values = i16x8.sub(i16x8.shr_u(i16x8.add(sum, i16x8.splat(<i16>rounding)), 2), middle);
      if (isHalvedAcross) putPairs(to + (x << 2), values, values);
      else v128.store(to + (x << 1), values);
    }
    return;
  }
  for (let x: usize = 0; x < chromaWidth; x += 8) {
    const three = i16x8.mul(v128.load_ext<u8>(nearRow + x), i16x8.splat(3));
    v128.store(chromaRow + (x << 1), i16x8.add(three, v128.load_ext<u8>(farRow + x)));
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
    putPairs(to + (x << 2), evens, i16x8.sub(i16x8.shr_u(odd, 4), middle));
  }
}

function putPairs(to: usize, evens: v128, odds: v128): void {
  v128.store(to, v128.shuffle<i16>(evens, odds, 0, 8, 1, 9, 2, 10, 3, 11));
  v128.store(to, v128.shuffle<i16>(evens, odds, 4, 12, 5, 13, 6, 14, 7, 15), 16);
}

/** Keeps the band's last row of each plane before its first, for the next band. */
export function keepLastRows(lumaRows: usize, chromaRows: usize): void {
  memory.copy(luma - width, luma + (lumaRows - 1) * width, width);
  memory.copy(cb - chromaWidth, cb + (chromaRows - 1) * chromaWidth, chromaWidth);
  memory.copy(cr - chromaWidth, cr + (chromaRows - 1) * chromaWidth, chromaWidth);
}
