/** The coefficients of a block, as tokens (RFC 6386 §13.2, §13.3). */
import { type BoolDecoder, readBit } from './bool-decoder.ts';
import { BAND_STRIDE, TOKEN_NODES } from './coefficient-probabilities.ts';

const BLOCK = 16;

/** Position in a block of each stored coefficient (§13.2). */
const PLACES = Uint8Array.of(0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15);
/** Start of the probabilities for each position (§13.3), and for the one after the last, which is not used. */
const BANDS = Uint16Array.of(0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0).map(
  (band) => band * BAND_STRIDE,
);

/** Values above 4 are in ranges: the first of each, and the probabilities of its extra bits (§13.2). */
interface Range {
  readonly first: number;
  readonly bits: Uint8Array;
}
const RANGES: readonly Range[] = [
  { first: 5, bits: Uint8Array.of(159) },
  { first: 7, bits: Uint8Array.of(165, 145) },
  { first: 11, bits: Uint8Array.of(173, 148, 140) },
  { first: 19, bits: Uint8Array.of(176, 155, 140, 135) },
  { first: 35, bits: Uint8Array.of(180, 157, 141, 134, 130) },
  { first: 67, bits: Uint8Array.of(254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129) },
];
const EVEN = 128;

/**
 * @param kind start of the probabilities for such blocks.
 * @param first first stored position.
 * @returns the position after the last stored one; `first` if there is none.
 */
export function readBlock(
  decoder: BoolDecoder,
  probabilities: Uint8Array,
  kind: number,
  context: number,
  first: number,
  dcStep: number,
  acStep: number,
  values: Int16Array,
  at: number,
): number {
  let place = first;
  let node = kind + (BANDS[place] as number) + context * TOKEN_NODES;
  while (readBit(decoder, probabilities[node] as number) === 1) {
    // No end of block follows a 0.
    while (readBit(decoder, probabilities[node + 1] as number) === 0) {
      place += 1;
      if (place === BLOCK) return BLOCK;
      node = kind + (BANDS[place] as number);
    }
    let size = 1;
    let next = 1;
    if (readBit(decoder, probabilities[node + 2] as number) === 1) {
      size = readLarge(decoder, probabilities, node);
      next = 2;
    }
    const step = place === 0 ? dcStep : acStep;
    values[at + (PLACES[place] as number)] = readBit(decoder, EVEN) === 1 ? -size * step : size * step;
    place += 1;
    if (place === BLOCK) return BLOCK;
    node = kind + (BANDS[place] as number) + next * TOKEN_NODES;
  }
  return place;
}

/** 2 and more. */
function readLarge(decoder: BoolDecoder, probabilities: Uint8Array, node: number): number {
  const bit = (at: number) => readBit(decoder, probabilities[node + at] as number);
  if (bit(3) === 0) return bit(4) === 0 ? 2 : 3 + bit(5);
  const range = bit(6) === 0 ? bit(7) : bit(8) === 0 ? 2 + bit(9) : 4 + bit(10);
  // Within bounds: `range` is 0–5.
  const { first, bits } = RANGES[range] as Range;
  let extra = 0;
  for (let i = 0; i < bits.length; i++) extra = 2 * extra + readBit(decoder, bits[i] as number);
  return first + extra;
}
