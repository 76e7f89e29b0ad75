/** Predicts whole blocks from the samples above and to the left (RFC 6386 §12.2, §12.3). */
import type { Plane } from './band.ts';
import { FROM_ABOVE, FROM_LEFT, MEAN } from './macroblock.ts';

/** For blocks without neighbours. */
const MIDDLE = 128;

/**
 * @param at position of the block's first sample.
 * @param hasLeft whether there is a block to the left; likewise above.
 */
export function predict(plane: Plane, at: number, mode: number, hasLeft: boolean, hasAbove: boolean): void {
  if (mode === MEAN) fillWithMean(plane, at, hasLeft, hasAbove);
  else if (mode === FROM_ABOVE) copyAbove(plane, at);
  else if (mode === FROM_LEFT) copyLeft(plane, at);
  else followGradient(plane, at, plane.side);
}

function fillWithMean(
  { samples, stride, side }: Plane,
  at: number,
  hasLeft: boolean,
  hasAbove: boolean,
): void {
  let sum = 0;
  // Within bounds, as all below: a band has a line above the newest row and a sample to the left of each line.
  if (hasAbove) for (let i = at - stride; i < at - stride + side; i++) sum += samples[i] as number;
  if (hasLeft) for (let i = 0, left = at - 1; i < side; i++, left += stride) sum += samples[left] as number;
  const count = (hasAbove ? side : 0) + (hasLeft ? side : 0);
  // A power of two, so the division is exact up to its rounding.
  const mean = count === 0 ? MIDDLE : Math.floor((sum + count / 2) / count);
  for (let row = at; row < at + side * stride; row += stride) samples.fill(mean, row, row + side);
}

function copyAbove({ samples, stride, side }: Plane, at: number): void {
  for (let row = at; row < at + side * stride; row += stride)
    samples.copyWithin(row, at - stride, at - stride + side);
}

function copyLeft({ samples, stride, side }: Plane, at: number): void {
  for (let row = at; row < at + side * stride; row += stride)
    samples.fill(samples[row - 1] as number, row, row + side);
}

/** "True motion": the sample to the left, plus the difference of the sample above from the one in the corner. */
export function followGradient({ samples, stride }: Plane, at: number, side: number): void {
  const above = at - stride;
  const corner = samples[above - 1] as number;
  for (let row = at; row < at + side * stride; row += stride) {
    const base = (samples[row - 1] as number) - corner;
    for (let i = 0; i < side; i++) samples[row + i] = base + (samples[above + i] as number);
  }
}
