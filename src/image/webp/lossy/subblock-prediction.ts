/**
 * Predicts 4×4 subblocks along a direction (RFC 6386 §12.3).
 *
 * The neighbours form a line: from the lowest at the left, up to the corner, and along the samples above to the fourth
 * beyond the subblock. Each direction's samples are points of that line, smoothed over three neighbours or between two;
 * tables say which.
 */
import type { Plane } from './band.ts';
import { SUBBLOCK_FROM_ABOVE, SUBBLOCK_MEAN, SUBBLOCK_TRUE_MOTION } from './macroblock.ts';
import { followGradient } from './prediction.ts';

/** The line: 4 samples at the left, the corner, 8 above. */
const LINE = 13;
const CORNER = 4;
const FIRST_ABOVE = 5;

/** Indices in `points`: `p` smoothed over three, and between it and the next. */
const THREE = 1;
const TWO = THREE + LINE;

/** The smoothed line; index 0 is its first sample, unsmoothed. Written before each use. */
const points = new Uint8Array(TWO + LINE);
const line = new Uint8Array(LINE);

/** A table's sample at a row and column, from its point on the line. */
function table(pointOf: (row: number, column: number) => number): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, i) => pointOf(i >> 2, i & 3));
}

/** By mode, from `SUBBLOCK_FROM_ABOVE` on, in the order of `macroblock.ts`. */
const TABLES: readonly Uint8Array[] = [
  table((_, column) => THREE + FIRST_ABOVE + column),
  table((row) => THREE + CORNER - 1 - row),
  // Down to the left, and down to the right, at 45°.
  table((row, column) => THREE + FIRST_ABOVE + 1 + row + column),
  table((row, column) => THREE + CORNER + column - row),
  // Down to the right, steeply: half a sample a row.
  table((row, column) => {
    const half = 2 * column - row;
    if (half < 0) return THREE + CORNER + 1 + half;
    return (half % 2 === 0 ? TWO + CORNER : THREE + CORNER) + (half >> 1) + (half % 2);
  }),
  // Down to the left, steeply. The standard defines the two last points slightly differently.
  table((row, column) => {
    if (column === 3 && row >= 2) return THREE + FIRST_ABOVE + 3 + row;
    return (row % 2 === 0 ? TWO + FIRST_ABOVE : THREE + FIRST_ABOVE + 1) + column + (row >> 1);
  }),
  // Down to the right, and up to the right, flatly: half a sample a column.
  table((row, column) => {
    const half = 2 * row - column;
    if (half < 0) return THREE + CORNER - 1 - half;
    return (half % 2 === 0 ? TWO + CORNER - 1 : THREE + CORNER - 1) - (half >> 1);
  }),
  table((row, column) => {
    const half = 2 * row + column;
    if (half > 5) return 0;
    return half % 2 === 0 ? TWO + 2 - (half >> 1) : THREE + 2 - (half >> 1);
  }),
];

/**
 * @param at position of the subblock's first sample.
 * @param beyond position of the four samples above to the right.
 */
export function predictSubblock(plane: Plane, at: number, beyond: number, mode: number): void {
  const { samples, stride } = plane;
  if (mode === SUBBLOCK_TRUE_MOTION) followGradient(plane, at, 4);
  else if (mode === SUBBLOCK_MEAN) fillWithMean(plane, at);
  else {
    readLine(samples, at, stride, beyond);
    // Within bounds: there are as many tables as other modes, and they name existing points.
    const picks = TABLES[mode - SUBBLOCK_FROM_ABOVE] as Uint8Array;
    for (let i = 0, row = at; i < 16; i += 4, row += stride) {
      samples[row] = points[picks[i] as number] as number;
      samples[row + 1] = points[picks[i + 1] as number] as number;
      samples[row + 2] = points[picks[i + 2] as number] as number;
      samples[row + 3] = points[picks[i + 3] as number] as number;
    }
  }
}

function readLine(samples: Uint8ClampedArray, at: number, stride: number, beyond: number): void {
  const above = at - stride;
  for (let i = 0; i < 4; i++) {
    line[i] = samples[at + (3 - i) * stride - 1] as number;
    line[FIRST_ABOVE + i] = samples[above + i] as number;
    line[FIRST_ABOVE + 4 + i] = samples[beyond + i] as number;
  }
  line[CORNER] = samples[above - 1] as number;
  // The line's ends are repeated.
  let before = line[0] as number;
  let here = before;
  points[0] = here;
  for (let i = 0; i < LINE; i++) {
    const after = i + 1 < LINE ? (line[i + 1] as number) : here;
    points[THREE + i] = (before + 2 * here + after + 2) >> 2;
    points[TWO + i] = (here + after + 1) >> 1;
    before = here;
    here = after;
  }
}

function fillWithMean({ samples, stride }: Plane, at: number): void {
  let sum = 4;
  for (let i = 0; i < 4; i++)
    sum += (samples[at - stride + i] as number) + (samples[at + i * stride - 1] as number);
  for (let row = at; row < at + 4 * stride; row += stride) samples.fill(sum >> 3, row, row + 4);
}
