/**
 * The inverse DCT of a block, eight numbers at a time.
 *
 * The factorisation of Loeffler, Ligtenberg and Moschytz, with its products written out as sums of pairs, which is how
 * SIMD multiplies: every sum is exact in 32 bits, and rounded where libjpeg's "islow" rounds. So both give the same
 * samples.
 */

/** Fraction bits of the factors. */
export const FACTOR_BITS: i32 = 13;
/** Fraction bits that are kept between the two passes. */
export const KEPT_BITS: i32 = 2;
/** Both passes together scale by 8. */
export const SCALE_BITS: i32 = 3;

/** Bytes of a block of 16-bit coefficients, row by row, dequantised. */
export const BLOCK_BYTES: usize = 128;

/** Writes the block's samples, and clears the block. */
export function transform(block: usize, out: usize, stride: usize): void {
  columns(block, FACTOR_BITS - KEPT_BITS);
  transpose(block);
  columns(block, FACTOR_BITS + KEPT_BITS + SCALE_BITS);
  store8x8(block, out, stride);
  for (let at: usize = 0; at < BLOCK_BYTES; at += 16) v128.store(block + at, i64x2(0, 0));
}

/** The samples of a block with only a DC coefficient: 8, 4, 2 or 1 on each axis. */
export function flat(dc: i32, out: usize, stride: usize, side: i32): void {
  const sample = min(255, max(0, ((dc + 4) >> SCALE_BITS) + 128));
  const row = i8x16.splat(<i8>sample);
  for (let y = 0; y < side; y++, out += stride) {
    if (side === 8) v128.store64_lane(out, row, 0);
    else if (side === 4) v128.store32_lane(out, row, 0);
    else if (side === 2) v128.store16_lane(out, row, 0);
    else store<u8>(out, sample);
  }
}

/** One-dimensional transforms of the eight columns, in place. */
function columns(block: usize, shift: i32): void {
  const row0 = v128.load(block);
  const row1 = v128.load(block, 16);
  const row2 = v128.load(block, 32);
  const row3 = v128.load(block, 48);
  const row4 = v128.load(block, 64);
  const row5 = v128.load(block, 80);
  const row6 = v128.load(block, 96);
  const row7 = v128.load(block, 112);
  half(low(row0, row4), low(row2, row6), low(row1, row3), low(row5, row7), LOW, shift);
  half(high(row0, row4), high(row2, row6), high(row1, row3), high(row5, row7), HIGH, shift);
  for (let at: usize = 0; at < BLOCK_BYTES; at += 16) {
    v128.store(block + at, i16x8.narrow_i32x4_s(v128.load(LOW + at), v128.load(HIGH + at)));
  }
}

/** Destination of the left and the right four columns, as 32 bits. */
const LOW = memory.data(128, 16);
const HIGH = memory.data(128, 16);

/** Four columns, with the rows given in pairs. */
function half(rows04: v128, rows26: v128, rows13: v128, rows57: v128, to: usize, shift: i32): void {
  const rounding = i32x4.splat(1 << (shift - 1));
  const sum = i32x4.add(
    i32x4.dot_i16x8_s(rows04, i16x8(8192, 8192, 8192, 8192, 8192, 8192, 8192, 8192)),
    rounding,
  );
  const difference = i32x4.add(
    i32x4.dot_i16x8_s(rows04, i16x8(8192, -8192, 8192, -8192, 8192, -8192, 8192, -8192)),
    rounding,
  );
  const turned2 = i32x4.dot_i16x8_s(rows26, i16x8(10703, 4433, 10703, 4433, 10703, 4433, 10703, 4433));
  const turned6 = i32x4.dot_i16x8_s(rows26, i16x8(4433, -10704, 4433, -10704, 4433, -10704, 4433, -10704));
  const odd0 = i32x4.add(
    i32x4.dot_i16x8_s(rows13, i16x8(11363, 9633, 11363, 9633, 11363, 9633, 11363, 9633)),
    i32x4.dot_i16x8_s(rows57, i16x8(6437, 2260, 6437, 2260, 6437, 2260, 6437, 2260)),
  );
  const odd1 = i32x4.add(
    i32x4.dot_i16x8_s(rows13, i16x8(9633, -2259, 9633, -2259, 9633, -2259, 9633, -2259)),
    i32x4.dot_i16x8_s(rows57, i16x8(-11362, -6436, -11362, -6436, -11362, -6436, -11362, -6436)),
  );
  const odd2 = i32x4.add(
    i32x4.dot_i16x8_s(rows13, i16x8(6437, -11362, 6437, -11362, 6437, -11362, 6437, -11362)),
    i32x4.dot_i16x8_s(rows57, i16x8(2261, 9633, 2261, 9633, 2261, 9633, 2261, 9633)),
  );
  const odd3 = i32x4.add(
    i32x4.dot_i16x8_s(rows13, i16x8(2260, -6436, 2260, -6436, 2260, -6436, 2260, -6436)),
    i32x4.dot_i16x8_s(rows57, i16x8(9633, -11363, 9633, -11363, 9633, -11363, 9633, -11363)),
  );
  const even0 = i32x4.add(sum, turned2);
  const even1 = i32x4.add(difference, turned6);
  const even2 = i32x4.sub(difference, turned6);
  const even3 = i32x4.sub(sum, turned2);
  v128.store(to, i32x4.shr_s(i32x4.add(even0, odd0), shift));
  v128.store(to, i32x4.shr_s(i32x4.add(even1, odd1), shift), 16);
  v128.store(to, i32x4.shr_s(i32x4.add(even2, odd2), shift), 32);
  v128.store(to, i32x4.shr_s(i32x4.add(even3, odd3), shift), 48);
  v128.store(to, i32x4.shr_s(i32x4.sub(even3, odd3), shift), 64);
  v128.store(to, i32x4.shr_s(i32x4.sub(even2, odd2), shift), 80);
  v128.store(to, i32x4.shr_s(i32x4.sub(even1, odd1), shift), 96);
  v128.store(to, i32x4.shr_s(i32x4.sub(even0, odd0), shift), 112);
}

export function transpose(block: usize): void {
  const row0 = v128.load(block);
  const row1 = v128.load(block, 16);
  const row2 = v128.load(block, 32);
  const row3 = v128.load(block, 48);
  const row4 = v128.load(block, 64);
  const row5 = v128.load(block, 80);
  const row6 = v128.load(block, 96);
  const row7 = v128.load(block, 112);
  const even0 = low(row0, row4);
  const even1 = high(row0, row4);
  const odd0 = low(row2, row6);
  const odd1 = high(row2, row6);
  const even2 = low(row1, row5);
  const even3 = high(row1, row5);
  const odd2 = low(row3, row7);
  const odd3 = high(row3, row7);
  const a0 = low(even0, odd0);
  const a1 = high(even0, odd0);
  const a2 = low(even1, odd1);
  const a3 = high(even1, odd1);
  const b0 = low(even2, odd2);
  const b1 = high(even2, odd2);
  const b2 = low(even3, odd3);
  const b3 = high(even3, odd3);
  v128.store(block, low(a0, b0));
  v128.store(block, high(a0, b0), 16);
  v128.store(block, low(a1, b1), 32);
  v128.store(block, high(a1, b1), 48);
  v128.store(block, low(a2, b2), 64);
  v128.store(block, high(a2, b2), 80);
  v128.store(block, low(a3, b3), 96);
  v128.store(block, high(a3, b3), 112);
}

/** From columns of numbers centred on 0 to rows of samples. */
function store8x8(block: usize, out: usize, stride: usize): void {
  const columns02 = samples(v128.load(block), v128.load(block, 32));
  const columns13 = samples(v128.load(block, 16), v128.load(block, 48));
  const columns46 = samples(v128.load(block, 64), v128.load(block, 96));
  const columns57 = samples(v128.load(block, 80), v128.load(block, 112));
  const columns01 = lowBytes(columns02, columns13);
  const columns23 = highBytes(columns02, columns13);
  const columns45 = lowBytes(columns46, columns57);
  const columns67 = highBytes(columns46, columns57);
  const left = low(columns01, columns23);
  const right = low(columns45, columns67);
  const leftBelow = high(columns01, columns23);
  const rightBelow = high(columns45, columns67);
  storeRows(lowWords(left, right), out, stride);
  storeRows(highWords(left, right), out + 2 * stride, stride);
  storeRows(lowWords(leftBelow, rightBelow), out + 4 * stride, stride);
  storeRows(highWords(leftBelow, rightBelow), out + 6 * stride, stride);
}

function storeRows(two: v128, out: usize, stride: usize): void {
  v128.store64_lane(out, two, 0);
  v128.store64_lane(out + stride, two, 1);
}

function samples(one: v128, other: v128): v128 {
  return i8x16.add(i8x16.narrow_i16x8_s(one, other), i8x16.splat(-128));
}

export function low(one: v128, other: v128): v128 {
  return v128.shuffle<i16>(one, other, 0, 8, 1, 9, 2, 10, 3, 11);
}

export function high(one: v128, other: v128): v128 {
  return v128.shuffle<i16>(one, other, 4, 12, 5, 13, 6, 14, 7, 15);
}

function lowBytes(one: v128, other: v128): v128 {
  return v128.shuffle<i8>(one, other, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

function highBytes(one: v128, other: v128): v128 {
  return v128.shuffle<i8>(one, other, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

function lowWords(one: v128, other: v128): v128 {
  return v128.shuffle<i32>(one, other, 0, 4, 1, 5);
}

function highWords(one: v128, other: v128): v128 {
  return v128.shuffle<i32>(one, other, 2, 6, 3, 7);
}
