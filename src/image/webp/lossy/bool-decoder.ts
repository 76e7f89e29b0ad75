/** The boolean entropy decoder, through which all of VP8 is read (RFC 6386 §7). */

/** State; to be passed, not read. Fields and functions, since a closure per partition is slower. */
export interface BoolDecoder {
  readonly bytes: Uint8Array;
  /** Position of the next byte; it continues beyond the end, where all bytes are 0. */
  at: number;
  readonly end: number;
  /** 128–255 between reads. */
  range: number;
  /** The next bits: the first eight are compared with `range`, and `held` more are available. */
  value: number;
  held: number;
}

/** Bytes beyond the end that a decoder may have taken: it holds up to three that were not needed yet. */
const SPARE_BYTES = 4;

/** @param start to `end`: a partition, within `bytes`. */
export function boolDecoder(bytes: Uint8Array, start: number, end: number): BoolDecoder {
  const decoder = { bytes, at: start, end, range: 255, value: 0, held: -8 };
  load(decoder);
  return decoder;
}

/** Whether more was read than there is. */
export function overran({ at, end }: BoolDecoder): boolean {
  return at > end + SPARE_BYTES;
}

function load(decoder: BoolDecoder): void {
  const { bytes, at, end } = decoder;
  const first = at < end ? (bytes[at] as number) : 0;
  const second = at + 1 < end ? (bytes[at + 1] as number) : 0;
  decoder.value = (decoder.value << 16) | (first << 8) | second;
  decoder.held += 16;
  decoder.at = at + 2;
}

/**
 * The next bit.
 *
 * @param probability that it is 0, in 256ths.
 */
export function readBit(decoder: BoolDecoder, probability: number): 0 | 1 {
  const { range, value, held } = decoder;
  const split = 1 + (((range - 1) * probability) >> 8);
  const boundary = split << held;
  const isOne = value >= boundary;
  const left = isOne ? range - split : split;
  if (isOne) decoder.value = value - boundary;
  // As many bits as bring the range back to 128 or more.
  const shift = Math.clz32(left) - 24;
  decoder.range = left << shift;
  decoder.held = held - shift;
  if (held < shift) load(decoder);
  return isOne ? 1 : 0;
}

const EVEN = 128;

export function readFlag(decoder: BoolDecoder): boolean {
  return readBit(decoder, EVEN) === 1;
}

/** The next `count` bits, most significant first. */
export function readNumber(decoder: BoolDecoder, count: number): number {
  let number = 0;
  for (let i = 0; i < count; i++) number = 2 * number + readBit(decoder, EVEN);
  return number;
}

/** A flag, followed, if it is set, by a number of `count` bits and its sign. */
export function readOptionalSigned(decoder: BoolDecoder, count: number): number | undefined {
  if (!readFlag(decoder)) return undefined;
  const size = readNumber(decoder, count);
  return readFlag(decoder) ? -size : size;
}
