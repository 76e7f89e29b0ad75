/**
 * Turns int8 weights into floats: one shuffle puts four of them above three zero bytes each, which makes them integers
 * times 2²⁴, while widening takes two steps. Whoever scales them divides by that.
 */
import { type Operand, swizzle, upTo } from './wat.ts';

/** How far a byte is moved up. */
export const SHIFT = 24;
/** What makes up for it. */
export const UNSHIFT = 2 ** -SHIFT;

/** Selects the four bytes from 4 · `four` on, each above three zero bytes. */
export function maskOf(four: number): string {
  const from = upTo(4).flatMap((byte) => [128, 128, 128, 4 * four + byte]);
  return `(v128.const i8x16 ${from.join(' ')})`;
}

/** Four int8 values, selected by a mask, times 2²⁴. */
export const floatsOf = (bytes: Operand, mask: Operand): string =>
  `(f32x4.convert_i32x4_s ${swizzle(bytes, mask)})`;
