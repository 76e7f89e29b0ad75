/** A key frame's header and the partitions after it (RFC 6386 §9). */
import type { Size } from '../../header.ts';
import {
  type BoolDecoder,
  boolDecoder,
  overran,
  readBit,
  readFlag,
  readNumber,
  readOptionalSigned,
} from './bool-decoder.ts';
import { DEFAULT_PROBABILITIES, UPDATE_PROBABILITIES } from './coefficient-probabilities.ts';
import { type FilterHeader, readFilterHeader } from './filter-header.ts';
import { readSegmentation, type Segmentation } from './segmentation.ts';
import { type Steps, stepsAt } from './steps.ts';

export interface FrameHeader {
  readonly segmentation: Segmentation;
  readonly filter: FilterHeader;
  /** By segment. */
  readonly steps: readonly Steps[];
  readonly tokenProbabilities: Uint8Array;
  /** Probability that a macroblock has coefficients; undefined if each has. */
  readonly skipProbability: number | undefined;
  /** The partition with the macroblocks' prediction modes. */
  readonly modes: BoolDecoder;
  /** Coefficients: row `n` of macroblocks is in partition `n` modulo their number, a power of two. */
  readonly tokens: readonly BoolDecoder[];
}

/** Frame tag, start code and size, which were read with the file's header. */
const HEAD_BYTES = 10;
/** The newest version of the bitstream. */
const MAX_VERSION = 3;

/**
 * @param frame a `VP8 ` chunk's payload.
 * @param size the one that the account has used.
 * @returns undefined if it is not a key frame of that size, or incomplete.
 */
export function readFrameHeader(frame: Uint8Array, { width, height }: Size): FrameHeader | undefined {
  if (frame.length < HEAD_BYTES) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const tag = view.getUint16(0, true) | (view.getUint8(2) << 16);
  const isShown = (tag & 0x10) !== 0;
  const tokensStart = HEAD_BYTES + (tag >> 5);
  if ((tag & 1) !== 0 || ((tag >> 1) & 7) > MAX_VERSION || !isShown || tokensStart > frame.length)
    return undefined;
  const stated = [view.getUint16(6, true) & 0x3fff, view.getUint16(8, true) & 0x3fff];
  if (stated[0] !== width || stated[1] !== height) return undefined;

  const modes = boolDecoder(frame, HEAD_BYTES, tokensStart);
  // Colour space and clamping, which no decoder of still pictures uses.
  readNumber(modes, 2);
  const segmentation = readSegmentation(modes);
  const filter = readFilterHeader(modes, segmentation);
  const partitions = 1 << readNumber(modes, 2);
  const steps = readSteps(modes, segmentation);
  // Whether probabilities are kept for the next frame, which does not exist.
  readFlag(modes);
  const tokenProbabilities = readTokenProbabilities(modes);
  const skipProbability = readFlag(modes) ? readNumber(modes, 8) : undefined;
  const tokens = tokenPartitions(frame, tokensStart, partitions);
  if (tokens === undefined || overran(modes)) return undefined;
  return { segmentation, filter, steps, tokenProbabilities, skipProbability, modes, tokens };
}

function readSteps(decoder: BoolDecoder, { isAbsolute, steps }: Segmentation): Steps[] {
  const base = readNumber(decoder, 7);
  const offset = () => readOptionalSigned(decoder, 4) ?? 0;
  // In the order of the header.
  const offsets = {
    lumaDc: offset(),
    meansDc: offset(),
    meansAc: offset(),
    chromaDc: offset(),
    chromaAc: offset(),
  };
  return steps.map((own) => stepsAt(isAbsolute ? own : base + own, offsets));
}

function readTokenProbabilities(decoder: BoolDecoder): Uint8Array {
  return DEFAULT_PROBABILITIES.map((probability, i) =>
    readBit(decoder, UPDATE_PROBABILITIES[i] as number) === 1 ? readNumber(decoder, 8) : probability,
  );
}

/** §9.5: the sizes of all but the last, 3 bytes each, and then the partitions. */
function tokenPartitions(frame: Uint8Array, start: number, count: number): BoolDecoder[] | undefined {
  let at = start + 3 * (count - 1);
  const decoders: BoolDecoder[] = [];
  for (let i = 0; i < count; i++) {
    const [low = 0, middle = 0, high = 0] = frame.subarray(start + 3 * i, start + 3 * i + 3);
    const end = i === count - 1 ? frame.length : at + (low | (middle << 8) | (high << 16));
    if (at > end || end > frame.length) return undefined;
    decoders.push(boolDecoder(frame, at, end));
    at = end;
  }
  return decoders;
}
