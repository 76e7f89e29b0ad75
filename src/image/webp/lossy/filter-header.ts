/** Levels of the loop filter (RFC 6386 §9.3, §9.6, §15). */
import { type BoolDecoder, readFlag, readNumber, readOptionalSigned } from './bool-decoder.ts';
import type { Segmentation } from './segmentation.ts';

export interface FilterHeader {
  readonly kind: 'none' | 'simple' | 'normal';
  /** By segment, for macroblocks that are predicted as a whole, and for those predicted by subblocks. */
  readonly whole: readonly FilterStrength[];
  readonly subblocks: readonly FilterStrength[];
}

/** Differences between samples above which nothing is filtered, since there is an edge in the picture. */
export interface FilterStrength {
  /** Across the edge within a macroblock; between macroblocks it is 4 more. 0 for no filter. */
  readonly edge: number;
  /** Between neighbours on the same side. */
  readonly interior: number;
  /** Between the two next to the edge: above this, only they are changed. */
  readonly variance: number;
}

const MAX_LEVEL = 63;
const REFERENCES = 4;

export function readFilterHeader(
  decoder: BoolDecoder,
  { isAbsolute, filterLevels }: Segmentation,
): FilterHeader {
  const isSimple = readFlag(decoder);
  const level = readNumber(decoder, 6);
  const sharpness = readNumber(decoder, 3);
  const [onKeyFrames, onSubblocks] = readAdjustments(decoder);
  const bases = filterLevels.map((own) => (isAbsolute ? own : level + own) + onKeyFrames);
  return {
    kind: level === 0 ? 'none' : isSimple ? 'simple' : 'normal',
    whole: bases.map((base) => strengthOf(base, sharpness)),
    subblocks: bases.map((base) => strengthOf(base + onSubblocks, sharpness)),
  };
}

/** By reference frame, where a key frame has the first, and by prediction mode, where subblocks are the first. */
function readAdjustments(decoder: BoolDecoder): readonly [onKeyFrames: number, onSubblocks: number] {
  const areOn = readFlag(decoder);
  if (!areOn || !readFlag(decoder)) return [0, 0];
  const read = () => Array.from({ length: REFERENCES }, () => readOptionalSigned(decoder, 6) ?? 0);
  const [[onKeyFrames = 0], [onSubblocks = 0]] = [read(), read()];
  return [onKeyFrames, onSubblocks];
}

function strengthOf(stated: number, sharpness: number): FilterStrength {
  const level = Math.min(Math.max(stated, 0), MAX_LEVEL);
  if (level === 0) return { edge: 0, interior: 0, variance: 0 };
  const softened = sharpness === 0 ? level : Math.min(level >> (sharpness > 4 ? 2 : 1), 9 - sharpness);
  const interior = Math.max(1, softened);
  return { edge: 2 * level + interior, interior, variance: level >= 40 ? 2 : level >= 15 ? 1 : 0 };
}
