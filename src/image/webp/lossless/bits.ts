/** Bits of a lossless picture, least significant first (RFC 9649 §3.3). */

/** State; to be passed, not read. */
export interface BitReader {
  readonly bytes: Uint8Array;
  /** Position of the next byte; it continues beyond the end, where all bytes are 0. */
  at: number;
  /** The next bits, the first lowest, and their number. */
  word: number;
  held: number;
}

export function bitReader(bytes: Uint8Array, start: number): BitReader {
  return { bytes, at: start, word: 0, held: 0 };
}

/** Ensures at least 24 bits. */
export function fill(bits: BitReader): void {
  while (bits.held < 24) {
    bits.word |= (bits.bytes[bits.at++] ?? 0) << bits.held;
    bits.held += 8;
  }
}

/** The next `count` bits, 0–24. */
export function readBits(bits: BitReader, count: number): number {
  fill(bits);
  const number = bits.word & ((1 << count) - 1);
  bits.word >>>= count;
  bits.held -= count;
  return number;
}

/** Whether more was read than there is. */
export function overran({ bytes, at, held }: BitReader): boolean {
  return at - (held >> 3) > bytes.length;
}
