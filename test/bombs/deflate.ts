/** Streams that take long to inflate for their contents (RFC 1951). */
import { deflateSync } from 'node:zlib';
import { filledWith, joined, MIB } from './bomb.ts';

/** A bit writer, lowest bit of a byte first. */
function bitsOf(fields: readonly (readonly [value: number, bits: number])[]): number[] {
  return fields.flatMap(([value, bits]) => Array.from({ length: bits }, (_, i) => (value >> i) & 1));
}

/** Codes are stored with their first bit lowest (§3.1.1). */
function code(value: number, bits: number): readonly [number, number] {
  return [Number.parseInt(value.toString(2).padStart(bits, '0').split('').reverse().join(''), 2), bits];
}

/** Repeated until it is a whole number of bytes. */
function packed(bits: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(bits.length);
  for (let i = 0; i < bits.length * 8; i++) {
    bytes[i >> 3] = (bytes[i >> 3] ?? 0) | ((bits[i % bits.length] ?? 0) << (i & 7));
  }
  return bytes;
}

/** §3.2.7: the alphabet of lengths has 18, a run of zeros, in one bit, and 0–15 in five each. */
const LENGTH_CODES = [0, 0, 1, ...new Array<number>(16).fill(5)];
const zeros = (count: number) => [code(0, 1), [count - 11, 7] as const];
const length = (value: number) => code(16 + value, 5);
const head = [
  ...([
    [0, 1],
    [2, 2],
    [0, 5],
    [0, 5],
    [15, 4],
  ] as const),
  ...LENGTH_CODES.map((bits) => [bits, 3] as const),
];

/** Empty blocks, each with its own codes, of which one is used. */
const OWN_CODES = packed(
  bitsOf([
    ...head,
    // A code of each length from 1 to 14, and two of 15, of which the last ends the block.
    ...Array.from({ length: 15 }, (_, i) => length(i + 1)),
    ...[...zeros(138), ...zeros(103), length(15), length(1)],
    code(0x7fff, 15),
  ]),
);

/** Pieces to fill a stream with that produce no bytes. */
export const EMPTY_BLOCKS = {
  'stored blocks, empty': Uint8Array.of(0, 0, 0, 0xff, 0xff),
  // The end of a block is seven zeros, preceded by three bits.
  'blocks of the fixed codes, empty': packed(
    bitsOf([
      [0, 1],
      [1, 2],
      [0, 7],
    ]),
  ),
  'blocks of codes of their own, empty': OWN_CODES,
} as const;

export const ZLIB_HEAD = Uint8Array.of(0x78, 0x01);

/** A zlib stream that produces nothing for this many bytes, then its contents. */
export function zlibAfter(piece: Uint8Array, bytes: number, data: Uint8Array): Uint8Array {
  return joined(ZLIB_HEAD, filledWith(piece, bytes), deflateSync(data).subarray(2));
}

let zeroMebibytes: Uint8Array | undefined;

/** A zlib stream of this many MiB of zeros, a thousandth of their length; without the checksum. */
export function zlibOfZeros(mebibytes: number, before: Uint8Array = new Uint8Array()): Uint8Array {
  // Blocks may be repeated if each ends on a byte boundary.
  zeroMebibytes ??= flushed(new Uint8Array(MIB));
  return joined(
    ZLIB_HEAD,
    flushed(before),
    filledWith(zeroMebibytes, zeroMebibytes.length * mebibytes),
    [1, 0, 0, 0xff, 0xff],
  );
}

/** Whole bytes, without a last block. */
function flushed(bytes: Uint8Array): Uint8Array {
  return deflateSync(bytes, { finishFlush: Z_FULL_FLUSH }).subarray(2);
}

const Z_FULL_FLUSH = 3;
