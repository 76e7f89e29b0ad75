/** Segments: groups of macroblocks with their own settings (RFC 6386 §9.3). */
import { type BoolDecoder, readFlag, readNumber, readOptionalSigned } from './bool-decoder.ts';

export interface Segmentation {
  /** Probabilities of the two-level tree of segments; undefined if all macroblocks are in the first. */
  readonly probabilities: readonly [number, number, number] | undefined;
  /** Whether the values replace the frame's own settings; otherwise they are added. */
  readonly isAbsolute: boolean;
  /** Quantiser indices, by segment. */
  readonly steps: readonly number[];
  /** Levels of the loop filter, by segment. */
  readonly filterLevels: readonly number[];
}

const NONE: Segmentation = {
  probabilities: undefined,
  isAbsolute: false,
  steps: [0, 0, 0, 0],
  filterLevels: [0, 0, 0, 0],
};

const CERTAIN = 255;

export function readSegmentation(decoder: BoolDecoder): Segmentation {
  if (!readFlag(decoder)) return NONE;
  const hasMap = readFlag(decoder);
  const hasData = readFlag(decoder);
  const isAbsolute = hasData && readFlag(decoder);
  const read = (bits: number) =>
    NONE.steps.map(() => (hasData ? readOptionalSigned(decoder, bits) : undefined) ?? 0);
  const steps = read(7);
  const filterLevels = read(6);
  const probability = () => (readFlag(decoder) ? readNumber(decoder, 8) : CERTAIN);
  const probabilities = hasMap ? ([probability(), probability(), probability()] as const) : undefined;
  return { probabilities, isAbsolute, steps, filterLevels };
}
