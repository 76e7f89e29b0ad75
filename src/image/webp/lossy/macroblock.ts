/** The prediction modes of a macroblock, and what precedes its coefficients (RFC 6386 §8, §11). */
import { type BoolDecoder, readBit } from './bool-decoder.ts';
import type { FrameHeader } from './frame-header.ts';
import { SUBBLOCK_PROBABILITIES } from './subblock-probabilities.ts';

/** Prediction modes of whole blocks. */
export const MEAN = 0;
export const FROM_ABOVE = 1;
export const FROM_LEFT = 2;
export const TRUE_MOTION = 3;
/** Luma only: each of the 16 subblocks has its own mode. */
export const BY_SUBBLOCKS = 4;

/** Prediction modes of subblocks (§11.2), in the order of `SUBBLOCK_PROBABILITIES`. */
export const SUBBLOCK_MEAN = 0;
export const SUBBLOCK_TRUE_MOTION = 1;
export const SUBBLOCK_FROM_ABOVE = 2;
const SUBBLOCK_FROM_LEFT = 3;
const [DOWN_LEFT, DOWN_RIGHT, STEEP_RIGHT, STEEP_LEFT, FLAT_DOWN, FLAT_UP] = [4, 5, 6, 7, 8, 9] as const;

/** The mode that a subblock has for its neighbours if its macroblock is predicted as a whole. */
const AS_SUBBLOCK = Uint8Array.of(
  SUBBLOCK_MEAN,
  SUBBLOCK_FROM_ABOVE,
  SUBBLOCK_FROM_LEFT,
  SUBBLOCK_TRUE_MOTION,
);

/** Probabilities of the trees for key frames (§11.2). */
const LUMA = [145, 156, 163, 128] as const;
const CHROMA = [142, 114, 183] as const;
const SUBBLOCK_NODES = 9;
const SUBBLOCK_MODES = 10;

/** The present macroblock. One object is reused for all. */
export interface Macroblock {
  segment: number;
  /** Whether it has no coefficients. */
  skips: boolean;
  luma: number;
  chroma: number;
  /** 16, row by row; only if luma is predicted by subblocks. */
  readonly subblocks: Uint8Array;
}

/** Modes of the neighbouring subblocks: above, for all columns, and to the left. */
export interface ModeContext {
  readonly above: Uint8Array;
  readonly left: Uint8Array;
}

/** @param column of the macroblock. */
export function readModes(
  header: FrameHeader,
  column: number,
  { above, left }: ModeContext,
  block: Macroblock,
): void {
  const { modes, segmentation, skipProbability } = header;
  const { probabilities } = segmentation;
  if (probabilities !== undefined) {
    const half = readBit(modes, probabilities[0]);
    block.segment = 2 * half + readBit(modes, probabilities[half === 0 ? 1 : 2]);
  }
  block.skips = skipProbability !== undefined && readBit(modes, skipProbability) === 1;
  block.luma = readLuma(modes);
  const at = 4 * column;
  if (block.luma === BY_SUBBLOCKS) {
    readSubblocks(modes, above, at, left, block.subblocks);
  } else {
    const stands = AS_SUBBLOCK[block.luma] as number;
    for (let i = 0; i < 4; i++) above[at + i] = left[i] = stands;
  }
  block.chroma = readChroma(modes);
}

function readLuma(modes: BoolDecoder): number {
  if (readBit(modes, LUMA[0]) === 0) return BY_SUBBLOCKS;
  if (readBit(modes, LUMA[1]) === 0) return readBit(modes, LUMA[2]) === 0 ? MEAN : FROM_ABOVE;
  return readBit(modes, LUMA[3]) === 0 ? FROM_LEFT : TRUE_MOTION;
}

function readChroma(modes: BoolDecoder): number {
  if (readBit(modes, CHROMA[0]) === 0) return MEAN;
  if (readBit(modes, CHROMA[1]) === 0) return FROM_ABOVE;
  return readBit(modes, CHROMA[2]) === 0 ? FROM_LEFT : TRUE_MOTION;
}

function readSubblocks(
  modes: BoolDecoder,
  above: Uint8Array,
  at: number,
  left: Uint8Array,
  subblocks: Uint8Array,
): void {
  for (let row = 0; row < 4; row++) {
    let before = left[row] as number;
    for (let i = 0; i < 4; i++) {
      // Within bounds: contexts contain only modes.
      const context = (above[at + i] as number) * SUBBLOCK_MODES + before;
      before = readSubblock(modes, context * SUBBLOCK_NODES);
      subblocks[4 * row + i] = before;
      above[at + i] = before;
    }
    left[row] = before;
  }
}

/** @param at of the tree's probabilities. */
function readSubblock(modes: BoolDecoder, at: number): number {
  const bit = (node: number) => readBit(modes, SUBBLOCK_PROBABILITIES[at + node] as number) === 1;
  if (!bit(0)) return SUBBLOCK_MEAN;
  if (!bit(1)) return SUBBLOCK_TRUE_MOTION;
  if (!bit(2)) return SUBBLOCK_FROM_ABOVE;
  if (!bit(3)) {
    if (!bit(4)) return SUBBLOCK_FROM_LEFT;
    return bit(5) ? STEEP_RIGHT : DOWN_RIGHT;
  }
  if (!bit(6)) return DOWN_LEFT;
  if (!bit(7)) return STEEP_LEFT;
  return bit(8) ? FLAT_UP : FLAT_DOWN;
}
