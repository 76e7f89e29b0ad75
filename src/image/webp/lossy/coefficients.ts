/** A macroblock's coefficients (RFC 6386 §13): read, dequantised, and the luma means inserted. */
import type { BoolDecoder } from './bool-decoder.ts';
import { KIND_STRIDE } from './coefficient-probabilities.ts';
import type { Steps } from './steps.ts';
import { readBlock } from './tokens.ts';
import { spreadMeans } from './transforms.ts';

/** Kinds of block, by which probabilities are kept. */
const LUMA_WITHOUT_MEAN = 0;
const MEANS = 1;
const CHROMA = 2;
const LUMA = 3;

/** Blocks of a macroblock: 16 of luma, 4 of each chroma, and the one with the means of the luma blocks. */
export const BLOCKS = 25;
const CHROMA_AT = 16;
const MEANS_AT = 24;

const BLOCK = 16;

/** Contents of a block, as far as the transform depends on them. */
export const NOTHING = 0;
export const MEAN_ONLY = 1;
export const MORE = 2;

export interface Residual {
  /** `BLOCKS` × 16; 0 wherever nothing was read. */
  readonly values: Int16Array;
  /** By block: `NOTHING`, `MEAN_ONLY` or `MORE`. */
  readonly contents: Uint8Array;
}

/**
 * Whether neighbouring blocks have coefficients, 9 flags for each macroblock: 4 blocks of luma, 2 of each chroma, and
 * the block of means.
 */
export const SIDES = 9;
const MEANS_SIDE = 8;

/**
 * @param aboveAt position in `above` of the macroblock's column.
 * @returns whether any coefficient is not 0.
 */
export function readCoefficients(
  decoder: BoolDecoder,
  probabilities: Uint8Array,
  steps: Steps,
  hasMeans: boolean,
  above: Uint8Array,
  aboveAt: number,
  left: Uint8Array,
  { values, contents }: Residual,
): boolean {
  let any = 0;
  if (hasMeans) {
    const context = (above[aboveAt + MEANS_SIDE] as number) + (left[MEANS_SIDE] as number);
    const at = MEANS_AT * BLOCK;
    const end = readBlock(
      decoder,
      probabilities,
      MEANS * KIND_STRIDE,
      context,
      0,
      steps.meansDc,
      steps.meansAc,
      values,
      at,
    );
    above[aboveAt + MEANS_SIDE] = left[MEANS_SIDE] = end > 0 ? 1 : 0;
    if (end > 0) {
      spreadMeans(values, at);
      values.fill(0, at, at + BLOCK);
    }
  }
  const first = hasMeans ? 1 : 0;
  const lumaKind = (hasMeans ? LUMA_WITHOUT_MEAN : LUMA) * KIND_STRIDE;
  for (let block = 0; block < MEANS_AT; block++) {
    const isLuma = block < CHROMA_AT;
    const across = isLuma ? block & 3 : 4 + ((block - CHROMA_AT) >> 2) * 2 + (block & 1);
    const down = isLuma ? block >> 2 : 4 + ((block - CHROMA_AT) >> 2) * 2 + ((block >> 1) & 1);
    const context = (above[aboveAt + across] as number) + (left[down] as number);
    const from = isLuma ? first : 0;
    const at = block * BLOCK;
    const end = isLuma
      ? readBlock(decoder, probabilities, lumaKind, context, from, steps.lumaDc, steps.lumaAc, values, at)
      : readBlock(
          decoder,
          probabilities,
          CHROMA * KIND_STRIDE,
          context,
          0,
          steps.chromaDc,
          steps.chromaAc,
          values,
          at,
        );
    above[aboveAt + across] = left[down] = end > from ? 1 : 0;
    const content = end > 1 ? MORE : values[at] === 0 ? NOTHING : MEAN_ONLY;
    contents[block] = content;
    any |= content;
  }
  return any !== 0;
}
