/**
 * The sequence header of AV1 data (AV1 Bitstream & Decoding Process Specification §5.5): facts that the decoder does
 * not return with the planes, and what it must not be given.
 */
import type { ColourNumbers, Size } from '../header.ts';

export interface Sequence extends Size {
  /** 8, 10 or 12. */
  readonly bitDepth: number;
  /** Pixels per chroma sample, across and down: 1 or 2. Both 1 for grey. */
  readonly across: 1 | 2;
  readonly down: 1 | 2;
  readonly isGrey: boolean;
  /** Unspecified if the data do not state it. */
  readonly numbers: ColourNumbers;
  /** Whether noise may be added to the decoded picture. */
  readonly filmGrain: boolean;
}

const SEQUENCE_HEADER = 1;
const TEMPORAL_DELIMITER = 2;
const [MAIN_PROFILE, HIGH_PROFILE, PROFESSIONAL_PROFILE] = [0, 1, 2] as const;
const UNSPECIFIED = 2;
/** §6.4.2: with these three the picture is RGB, in full range and 4:4:4 whatever the profile. */
const [BT_709, SRGB, IDENTITY] = [1, 13, 0] as const;

/** Bytes before a sequence header; encoders write one or none. */
const MAX_DELIMITERS = 8;

/** @returns undefined if the data do not begin with a sequence header. */
export function sequenceOf(data: Uint8Array): Sequence | undefined {
  for (let at = 0, units = 0; at < data.length && units <= MAX_DELIMITERS; units++) {
    // §5.3.2: the type, whether a byte of layers follows, and whether a size does.
    const head = data[at] ?? 0;
    const type = (head >> 3) & 0x0f;
    const start = at + ((head & 0x04) === 0 ? 1 : 2);
    const size = (head & 0x02) === 0 ? { value: data.length - start, next: start } : leb128(data, start);
    const end = size.next + size.value;
    if (end > data.length) return undefined;
    if (type === SEQUENCE_HEADER) return read(data.subarray(size.next, end));
    if (type !== TEMPORAL_DELIMITER) return undefined;
    at = end;
  }
  return undefined;
}

function read(bytes: Uint8Array): Sequence | undefined {
  const bits = bitReader(bytes);
  const flag = () => bits.read(1) === 1;
  const profile = bits.read(3);
  bits.read(1);
  const isReduced = flag();
  if (isReduced) bits.read(5);
  else skipOperatingPoints(bits);
  const [widthBits, heightBits] = [bits.read(4) + 1, bits.read(4) + 1];
  const size = { width: bits.read(widthBits) + 1, height: bits.read(heightBits) + 1 };
  if (!isReduced && flag()) bits.read(7);
  bits.read(3);
  if (!isReduced) skipInterTools(bits);
  bits.read(3);
  const colours = readColours(bits, profile);
  const filmGrain = flag();
  return bits.overran() || profile > PROFESSIONAL_PROFILE ? undefined : { ...size, ...colours, filmGrain };
}

/** §5.5.2. */
function readColours(bits: Bits, profile: number): Omit<Sequence, keyof Size | 'filmGrain'> {
  const flag = () => bits.read(1) === 1;
  const isDeep = flag();
  const bitDepth = isDeep ? (profile === PROFESSIONAL_PROFILE && flag() ? 12 : 10) : 8;
  const isGrey = profile !== HIGH_PROFILE && flag();
  const isNamed = flag();
  const [primaries, transfer, matrix] = [0, 1, 2].map(() => (isNamed ? bits.read(8) : UNSPECIFIED));
  const named = { primaries: primaries ?? 0, transfer: transfer ?? 0, matrix: matrix ?? 0 };
  if (isGrey) return { bitDepth, isGrey, across: 1, down: 1, numbers: { ...named, fullRange: flag() } };
  if (primaries === BT_709 && transfer === SRGB && matrix === IDENTITY) {
    bits.read(1);
    return { bitDepth, isGrey, across: 1, down: 1, numbers: { ...named, fullRange: true } };
  }
  const fullRange = flag();
  const [across, down] = samplingOf(bits, profile, bitDepth);
  if (across === 2 && down === 2) bits.read(2);
  bits.read(1);
  return { bitDepth, isGrey, across, down, numbers: { ...named, fullRange } };
}

function samplingOf(bits: Bits, profile: number, bitDepth: number): readonly [1 | 2, 1 | 2] {
  if (profile === MAIN_PROFILE) return [2, 2];
  if (profile === HIGH_PROFILE) return [1, 1];
  if (bitDepth < 12) return [2, 1];
  const across = bits.read(1) === 1;
  return across ? [2, bits.read(1) === 1 ? 2 : 1] : [1, 1];
}

/** §5.5.1, of the timing and the layers. */
function skipOperatingPoints(bits: Bits): void {
  const flag = () => bits.read(1) === 1;
  let delayBits = 0;
  if (flag()) {
    bits.read(32);
    bits.read(32);
    if (flag()) skipUvlc(bits);
    if (flag()) {
      delayBits = bits.read(5) + 1;
      bits.read(32);
      bits.read(10);
    }
  }
  const hasDisplayDelay = flag();
  for (let points = bits.read(5) + 1; points > 0; points--) {
    bits.read(12);
    const level = bits.read(5);
    if (level > 7) bits.read(1);
    if (delayBits > 0 && flag()) bits.read(2 * delayBits + 1);
    if (hasDisplayDelay && flag()) bits.read(4);
  }
}

/** §5.5.1, of what pictures after the first may use. */
function skipInterTools(bits: Bits): void {
  const flag = () => bits.read(1) === 1;
  bits.read(4);
  const hasOrder = flag();
  if (hasOrder) bits.read(2);
  const mayHaveScreenContent = flag() || flag();
  // The choice of integer motion vectors, or that each picture makes it.
  if (mayHaveScreenContent && !flag()) bits.read(1);
  if (hasOrder) bits.read(3);
}

/** §4.10.3. */
function skipUvlc(bits: Bits): void {
  let zeros = 0;
  while (!bits.overran() && bits.read(1) === 0) zeros++;
  bits.read(Math.min(zeros, 32));
}

interface Bits {
  /** Reads the highest bits first; zeros past the end. */
  read(count: number): number;
  overran(): boolean;
}

function bitReader(bytes: Uint8Array): Bits {
  let at = 0;
  return {
    read(count) {
      let value = 0;
      for (const end = at + count; at < end; at++) {
        value = value * 2 + (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
      }
      return value;
    },
    overran: () => at > 8 * bytes.length,
  };
}

/** §4.10.5. */
function leb128(bytes: Uint8Array, at: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[at + i] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  return { value: Number.POSITIVE_INFINITY, next: at };
}
