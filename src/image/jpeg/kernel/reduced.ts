/**
 * The inverse DCT of a block at a half or a quarter of its size: each sample is the mean of 2×2 or 4×4 samples of the
 * full block.
 *
 * In one dimension, the mean of neighbours gives each coefficient its own factor: that of one output is the mean of the
 * factors of 2 or 4 outputs. At a half the fourth coefficient's is 0, at a quarter those of all even ones but the first
 * are. Like libjpeg's "islow" at these sizes, both passes are exact in 32 bits and rounded after each, with the same
 * number of fraction bits between them, so the samples are the same.
 */
import { BLOCK_BYTES, FACTOR_BITS, high, KEPT_BITS, low, SCALE_BITS } from './transform';

/** Output of the one-dimensional transform at a half: four rows of four columns. */
const HALF = memory.data(64, 16);

/** A quarter of the block's samples, 4×4; clears the block. */
export function transformToHalf(block: usize, out: usize, stride: usize): void {
  const row0 = v128.load(block);
  const row1 = v128.load(block, 16);
  const row2 = v128.load(block, 32);
  const row3 = v128.load(block, 48);
  const row5 = v128.load(block, 80);
  const row6 = v128.load(block, 96);
  const row7 = v128.load(block, 112);
  for (let at: usize = 0; at < BLOCK_BYTES; at += 16) v128.store(block + at, i64x2(0, 0));

  const shift = FACTOR_BITS - KEPT_BITS + 1;
  four(low(row0, row2), low(row6, row6), low(row1, row3), low(row5, row7), shift);
  const left0 = v128.load(HALF);
  const left1 = v128.load(HALF, 16);
  const left2 = v128.load(HALF, 32);
  const left3 = v128.load(HALF, 48);
  four(high(row0, row2), high(row6, row6), high(row1, row3), high(row5, row7), shift);
  const rows0 = i16x8.narrow_i32x4_s(left0, v128.load(HALF));
  const rows1 = i16x8.narrow_i32x4_s(left1, v128.load(HALF, 16));
  const rows2 = i16x8.narrow_i32x4_s(left2, v128.load(HALF, 32));
  const rows3 = i16x8.narrow_i32x4_s(left3, v128.load(HALF, 48));

  // Four rows of eight are transposed into eight columns of four, two in a vector.
  const left02 = low(rows0, rows2);
  const left13 = low(rows1, rows3);
  const right02 = high(rows0, rows2);
  const right13 = high(rows1, rows3);
  const columns01 = low(left02, left13);
  const columns23 = high(left02, left13);
  const columns45 = low(right02, right13);
  const columns67 = high(right02, right13);
  four(
    low(columns01, columns23),
    low(columns67, columns67),
    high(columns01, columns23),
    high(columns45, columns67),
    FACTOR_BITS + KEPT_BITS + SCALE_BITS + 1,
  );
  const columns = i8x16.add(
    i8x16.narrow_i16x8_s(
      i16x8.narrow_i32x4_s(v128.load(HALF), v128.load(HALF, 16)),
      i16x8.narrow_i32x4_s(v128.load(HALF, 32), v128.load(HALF, 48)),
    ),
    i8x16.splat(-128),
  );
  const rows = v128.shuffle<u8>(columns, columns, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  v128.store32_lane(out, rows, 0);
  v128.store32_lane(out + stride, rows, 1);
  v128.store32_lane(out + 2 * stride, rows, 2);
  v128.store32_lane(out + 3 * stride, rows, 3);
}

/** Four columns to `HALF`, with the rows given in pairs; the sixth occurs twice. */
function four(rows02: v128, rows66: v128, rows13: v128, rows57: v128, shift: i32): void {
  const rounding = i32x4.splat(1 << (shift - 1));
  const turned6 = i32x4.dot_i16x8_s(rows66, i16x8(-6270, 0, -6270, 0, -6270, 0, -6270, 0));
  const even0 = i32x4.add(
    i32x4.add(
      i32x4.dot_i16x8_s(rows02, i16x8(16384, 15137, 16384, 15137, 16384, 15137, 16384, 15137)),
      turned6,
    ),
    rounding,
  );
  const even1 = i32x4.add(
    i32x4.sub(
      i32x4.dot_i16x8_s(rows02, i16x8(16384, -15137, 16384, -15137, 16384, -15137, 16384, -15137)),
      turned6,
    ),
    rounding,
  );
  const odd0 = i32x4.add(
    i32x4.dot_i16x8_s(rows13, i16x8(20995, 7373, 20995, 7373, 20995, 7373, 20995, 7373)),
    i32x4.dot_i16x8_s(rows57, i16x8(-4926, -4176, -4926, -4176, -4926, -4176, -4926, -4176)),
  );
  const odd1 = i32x4.add(
    i32x4.dot_i16x8_s(rows13, i16x8(8697, -17799, 8697, -17799, 8697, -17799, 8697, -17799)),
    i32x4.dot_i16x8_s(rows57, i16x8(11893, -1730, 11893, -1730, 11893, -1730, 11893, -1730)),
  );
  v128.store(HALF, i32x4.shr_s(i32x4.add(even0, odd0), shift));
  v128.store(HALF, i32x4.shr_s(i32x4.add(even1, odd1), shift), 16);
  v128.store(HALF, i32x4.shr_s(i32x4.sub(even1, odd1), shift), 32);
  v128.store(HALF, i32x4.shr_s(i32x4.sub(even0, odd0), shift), 48);
}

/** A sixteenth of the block's samples, 2×2; clears the block. */
export function transformToQuarter(block: usize, out: usize, stride: usize): void {
  const row0 = v128.load(block);
  const row1 = v128.load(block, 16);
  const row3 = v128.load(block, 48);
  const row5 = v128.load(block, 80);
  const row7 = v128.load(block, 112);
  for (let at: usize = 0; at < BLOCK_BYTES; at += 16) v128.store(block + at, i64x2(0, 0));

  const zero = i64x2(0, 0);
  const left0 = i32x4.shl(i32x4.extend_low_i16x8_s(row0), FACTOR_BITS + 2);
  const right0 = i32x4.shl(i32x4.extend_high_i16x8_s(row0), FACTOR_BITS + 2);
  const factors13 = i16x8(29692, -10426, 29692, -10426, 29692, -10426, 29692, -10426);
  const factors57 = i16x8(6967, -5906, 6967, -5906, 6967, -5906, 6967, -5906);
  const left = i32x4.add(
    i32x4.dot_i16x8_s(low(row1, row3), factors13),
    i32x4.dot_i16x8_s(low(row5, row7), factors57),
  );
  const right = i32x4.add(
    i32x4.dot_i16x8_s(high(row1, row3), factors13),
    i32x4.dot_i16x8_s(high(row5, row7), factors57),
  );
  const shift = FACTOR_BITS - KEPT_BITS + 2;
  const rounding = i32x4.splat(1 << (shift - 1));
  const above = i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(i32x4.add(left0, left), rounding), shift),
    i32x4.shr_s(i32x4.add(i32x4.add(right0, right), rounding), shift),
  );
  const below = i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(i32x4.sub(left0, left), rounding), shift),
    i32x4.shr_s(i32x4.add(i32x4.sub(right0, right), rounding), shift),
  );

  const factors = i16x8(0, 29692, 0, -10426, 0, 6967, 0, -5906);
  const above4 = i32x4.dot_i16x8_s(above, factors);
  const below4 = i32x4.dot_i16x8_s(below, factors);
  const sums = i32x4.add(
    v128.shuffle<i32>(above4, below4, 0, 4, 2, 6),
    v128.shuffle<i32>(above4, below4, 1, 5, 3, 7),
  );
  // Above, below, and both again.
  const odd = i32x4.add(sums, v128.shuffle<i32>(sums, sums, 2, 3, 0, 1));
  const first = i32x4.shl(
    i32x4.extend_low_i16x8_s(v128.shuffle<i16>(above, below, 0, 8, 0, 8, 0, 8, 0, 8)),
    FACTOR_BITS + 2,
  );
  const lastShift = FACTOR_BITS + KEPT_BITS + SCALE_BITS + 2;
  const lastRounding = i32x4.splat(1 << (lastShift - 1));
  const leftSamples = i32x4.shr_s(i32x4.add(i32x4.add(first, odd), lastRounding), lastShift);
  const rightSamples = i32x4.shr_s(i32x4.add(i32x4.sub(first, odd), lastRounding), lastShift);
  const both = i16x8.narrow_i32x4_s(v128.shuffle<i32>(leftSamples, rightSamples, 0, 4, 1, 5), zero);
  const samples = i8x16.add(i8x16.narrow_i16x8_s(both, zero), i8x16.splat(-128));
  v128.store16_lane(out, samples, 0);
  v128.store16_lane(out + stride, samples, 1);
}
