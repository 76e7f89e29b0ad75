/** A bit reader for a stream that is stored in several ranges of a file. */
import type { ByteRange } from '../header.ts';

/** The next range of the stream, or undefined if there is none. */
export type NextRange = () => ByteRange | undefined;

export interface Bits {
  readonly bytes: Uint8Array;
  readonly nextRange: NextRange;
  at: number;
  end: number;
  /** The next bits, the first lowest, and their number. */
  hold: number;
  bits: number;
  /** How many of them are beyond the end of the data. */
  missing: number;
}

export function createBits(bytes: Uint8Array, nextRange: NextRange): Bits {
  return { bytes, nextRange, at: 0, end: 0, hold: 0, bits: 0, missing: 0 };
}

export function isShort({ bits, missing }: Bits): boolean {
  return bits < missing;
}

/** Ensures at least 25 bits; zeros beyond the end. */
export function refill(input: Bits): void {
  while (input.bits <= 24) {
    if (input.at === input.end && !openNext(input)) input.missing += 8;
    else input.hold |= (input.bytes[input.at++] as number) << input.bits;
    input.bits += 8;
  }
}

export function openNext(input: Bits): boolean {
  for (let range = input.nextRange(); range !== undefined; range = input.nextRange()) {
    input.at = range.start;
    input.end = Math.min(range.end, input.bytes.length);
    if (input.at < input.end) return true;
  }
  input.at = input.end;
  return false;
}

/** @param count up to 16. */
export function readBits(input: Bits, count: number): number {
  refill(input);
  const value = input.hold & ((1 << count) - 1);
  input.hold >>>= count;
  input.bits -= count;
  return value;
}
