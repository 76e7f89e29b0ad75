/** Decodes a row of macroblocks, from the bits to the samples before the loop filter. */
import { type Band, newestBlock } from './band.ts';
import { type BoolDecoder, overran } from './bool-decoder.ts';
import { BLOCKS, MORE, NOTHING, type Residual, readCoefficients, SIDES } from './coefficients.ts';
import type { FrameHeader } from './frame-header.ts';
import type { FilterRow } from './loop-filter.ts';
import { BY_SUBBLOCKS, type Macroblock, readModes } from './macroblock.ts';
import { predict } from './prediction.ts';
import type { Steps } from './steps.ts';
import { predictSubblock } from './subblock-prediction.ts';
import { addBlock, addMean } from './transforms.ts';

const SUBBLOCKS = 16;
/** Indices of the blocks of U and V among those of a macroblock. */
const BLUE_AT = 16;
const RED_AT = 20;
/** Of a macroblock's 9 flags, the one of the means is not changed by macroblocks without means. */
const SIDES_WITHOUT_MEANS = SIDES - 1;

/**
 * @param columns of macroblocks.
 * @returns a function that decodes the next row into the band's newest, and records how it is to be filtered; false if
 *   the frame ends before.
 */
export function createRowDecoder(
  header: FrameHeader,
  band: Band,
  columns: number,
): (row: number, filter: FilterRow) => boolean {
  const block: Macroblock = {
    segment: 0,
    skips: false,
    luma: 0,
    chroma: 0,
    subblocks: new Uint8Array(SUBBLOCKS),
  };
  const modes = { above: new Uint8Array(4 * columns), left: new Uint8Array(4) };
  const left = new Uint8Array(SIDES);
  const above = new Uint8Array(SIDES * columns);
  const residual: Residual = { values: new Int16Array(BLOCKS * 16), contents: new Uint8Array(BLOCKS) };

  return (row, filter) => {
    // Within bounds: the number of partitions is a power of two, and there are steps for every segment.
    const tokens = header.tokens[row & (header.tokens.length - 1)] as BoolDecoder;
    modes.left.fill(0);
    left.fill(0);
    for (let column = 0; column < columns; column++) {
      readModes(header, column, modes, block);
      const hasMeans = block.luma !== BY_SUBBLOCKS;
      const aboveAt = SIDES * column;
      let hasResidual = false;
      if (block.skips) {
        const cleared = hasMeans ? SIDES : SIDES_WITHOUT_MEANS;
        above.fill(0, aboveAt, aboveAt + cleared);
        left.fill(0, 0, cleared);
      } else {
        const steps = header.steps[block.segment] as Steps;
        hasResidual = readCoefficients(
          tokens,
          header.tokenProbabilities,
          steps,
          hasMeans,
          above,
          aboveAt,
          left,
          residual,
        );
      }
      filter.segments[column] = block.segment;
      filter.bySubblocks[column] = hasMeans ? 0 : 1;
      filter.inside[column] = hasMeans && !hasResidual ? 0 : 1;
      if (!hasResidual) residual.contents.fill(NOTHING);
      build(band, block, residual, column, row);
    }
    return !overran(header.modes) && !overran(tokens);
  };
}

function build(band: Band, block: Macroblock, residual: Residual, column: number, row: number): void {
  const { luma, blue, red } = band;
  const at = newestBlock(luma, column);
  const [hasLeft, hasAbove] = [column > 0, row > 0];
  if (block.luma === BY_SUBBLOCKS) {
    buildSubblocks(band, block, residual, at);
  } else {
    predict(luma, at, block.luma, hasLeft, hasAbove);
    for (let i = 0; i < SUBBLOCKS; i++) {
      add(residual, i, luma.samples, at + (i >> 2) * 4 * luma.stride + (i & 3) * 4, luma.stride);
    }
  }
  const chromaAt = newestBlock(blue, column);
  predict(blue, chromaAt, block.chroma, hasLeft, hasAbove);
  predict(red, chromaAt, block.chroma, hasLeft, hasAbove);
  for (let i = 0; i < 4; i++) {
    const to = chromaAt + (i >> 1) * 4 * blue.stride + (i & 1) * 4;
    add(residual, BLUE_AT + i, blue.samples, to, blue.stride);
    add(residual, RED_AT + i, red.samples, to, red.stride);
  }
}

/** Each is predicted from the reconstructed ones before it. */
function buildSubblocks({ luma }: Band, { subblocks }: Macroblock, residual: Residual, at: number): void {
  const { samples, stride } = luma;
  for (let i = 0; i < SUBBLOCKS; i++) {
    const to = at + (i >> 2) * 4 * stride + (i & 3) * 4;
    // To the right of the macroblock, all rows use what is above it: the rest does not exist yet (§12.3).
    const beyond = (i & 3) === 3 ? at - stride + 16 : to - stride + 4;
    predictSubblock(luma, to, beyond, subblocks[i] as number);
    add(residual, i, samples, to, stride);
  }
}

function add(
  { values, contents }: Residual,
  block: number,
  samples: Uint8ClampedArray,
  to: number,
  stride: number,
): void {
  const content = contents[block] as number;
  if (content === NOTHING) return;
  if (content === MORE) addBlock(values, block * 16, samples, to, stride);
  else addMean(values, block * 16, samples, to, stride);
}
