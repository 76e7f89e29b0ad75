/**
 * The rows of the picture in progress, as planes of luma and chroma.
 *
 * Blocks are predicted from neighbours before the loop filter, so a row of macroblocks is filtered only after the next
 * has been reconstructed, and the filter reaches into the row before. So three rows are kept: half of the finished one,
 * the one to be filtered, and the newest; at the end of each they are moved up.
 */

export interface Plane {
  /** Clamps what is stored in it. */
  readonly samples: Uint8ClampedArray;
  /** From one line to the next: a sample at the left, those of all macroblocks, and four at the right. */
  readonly stride: number;
  /** Size of a macroblock: 16 samples of luma, 8 of chroma. */
  readonly side: 8 | 16;
}

export interface Band {
  readonly luma: Plane;
  readonly blue: Plane;
  readonly red: Plane;
}

/** Samples from which blocks at the edges of the picture are predicted (RFC 6386 §12.2). */
const ABOVE_ALL = 127;
const LEFT_OF_ALL = 129;

/** Before the first sample of a line. */
const LEFT = 1;
/** Subblocks are also predicted from the four samples above to the right. */
const RIGHT = 4;

/** @param columns of macroblocks. */
export function createBand(columns: number): Band {
  return { luma: createPlane(columns, 16), blue: createPlane(columns, 8), red: createPlane(columns, 8) };
}

function createPlane(columns: number, side: Plane['side']): Plane {
  const stride = LEFT + columns * side + RIGHT;
  const plane = { samples: new Uint8ClampedArray(newestLine(side) * stride + side * stride), stride, side };
  plane.samples.fill(ABOVE_ALL, 0, newestLine(side) * stride);
  for (let line = newestLine(side); line < newestLine(side) + side; line++) {
    plane.samples[line * stride] = LEFT_OF_ALL;
  }
  return plane;
}

/** Lines of the row before the one to be filtered. */
export function keptLines(side: Plane['side']): number {
  return side / 2;
}

/** First line of the newest row. */
function newestLine(side: Plane['side']): number {
  return keptLines(side) + side;
}

/** Position of the first sample of a macroblock in the newest row. */
export function newestBlock({ side, stride }: Plane, column: number): number {
  return newestLine(side) * stride + LEFT + column * side;
}

/** Position of the first sample of a macroblock in the row to be filtered. */
export function earlierBlock(plane: Plane, column: number): number {
  return newestBlock(plane, column) - plane.side * plane.stride;
}

/** Position of the first sample of a line, counted from the kept ones. */
export function lineStart({ stride }: Plane, line: number): number {
  return line * stride + LEFT;
}

/** To be called when the newest row is reconstructed: repeats its last sample beyond its right end. */
export function extendRight({ samples }: Plane): void {
  const end = samples.length;
  samples.fill(samples[end - RIGHT - 1] as number, end - RIGHT, end);
}

/** Makes room for another row. */
export function moveUp({ samples, stride, side }: Plane): void {
  samples.copyWithin(0, side * stride);
}
