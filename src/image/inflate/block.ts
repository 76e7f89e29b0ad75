/** Inflates a block of Huffman codes (RFC 1951 §3.2.3): literals, and matches with earlier output. */
import { type Bits, refill } from './bits.ts';
import type { Codes } from './codes.ts';
import { symbolAt } from './prefix-codes.ts';
import { LONGEST_MATCH, type Output } from './window.ts';

const END_OF_BLOCK = 256;

/** By symbol, from 257 and from 0 on (RFC 1951 §3.2.5): base values, and the number of extra bits in the next table. */
const LENGTHS = Uint16Array.of(
  ...[
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  ],
  ...[227, LONGEST_MATCH],
);
const LENGTH_BITS = Uint8Array.from(LENGTHS, (_, i) => (i < 4 || i === 28 ? 0 : (i >> 2) - 1));
const DISTANCE_BITS = Uint8Array.from({ length: 30 }, (_, i) => (i < 2 ? 0 : (i >> 1) - 1));
const DISTANCES = Uint16Array.from(DISTANCE_BITS, (bits, i) => 1 + (i < 2 ? i : (2 + (i & 1)) << bits));

export type Inflated = 'ended' | 'full' | 'broken';

/** Beyond the end of a table. */
function refilled(input: Bits, hold: number, bits: number, at: number): Bits {
  input.hold = hold;
  input.bits = bits;
  input.at = at;
  refill(input);
  return input;
}

/** Inflates up to the end of a block, or until the window is full. @returns `broken` also at the end of the data. */
export function inflateBlock(input: Bits, output: Output, { literals, distances }: Codes): Inflated {
  const { bytes } = input;
  const { window } = output;
  const room = window.length - LONGEST_MATCH;
  let { hold, bits, at, end } = input;
  let { to } = output;

  for (;;) {
    // At least 25 bits, three times: a length's code and extra bits need 20, a distance's code 15, its extra bits 13.
    if (end - at < 4) ({ hold, bits, at, end } = refilled(input, hold, bits, at));
    for (; bits <= 24; bits += 8) hold |= (bytes[at++] as number) << bits;
    const found = symbolAt(literals, hold);
    if (found < 0) break;
    hold >>>= found & 15;
    bits -= found & 15;
    if (bits < input.missing) break;
    const symbol = found >> 4;
    if (symbol < END_OF_BLOCK) {
      window[to++] = symbol;
    } else if (symbol === END_OF_BLOCK) {
      Object.assign(input, { hold, bits, at });
      output.to = to;
      return 'ended';
    } else {
      if (symbol - 257 >= LENGTHS.length) break;
      const lengthBits = LENGTH_BITS[symbol - 257] as number;
      const length = (LENGTHS[symbol - 257] as number) + (hold & ((1 << lengthBits) - 1));
      hold >>>= lengthBits;
      bits -= lengthBits;

      if (end - at < 4) ({ hold, bits, at, end } = refilled(input, hold, bits, at));
      for (; bits <= 24; bits += 8) hold |= (bytes[at++] as number) << bits;
      const far = symbolAt(distances, hold);
      if (far < 0 || far >> 4 >= DISTANCES.length) break;
      hold >>>= far & 15;
      bits -= far & 15;

      if (end - at < 4) ({ hold, bits, at, end } = refilled(input, hold, bits, at));
      for (; bits <= 24; bits += 8) hold |= (bytes[at++] as number) << bits;
      const distanceBits = DISTANCE_BITS[far >> 4] as number;
      const distance = (DISTANCES[far >> 4] as number) + (hold & ((1 << distanceBits) - 1));
      hold >>>= distanceBits;
      bits -= distanceBits;
      if (distance > to || bits < input.missing) break;
      for (const last = to + length; to < last; to++) window[to] = window[to - distance] as number;
    }
    if (to > room) {
      Object.assign(input, { hold, bits, at });
      output.to = to;
      return 'full';
    }
  }
  output.to = to;
  return 'broken';
}
