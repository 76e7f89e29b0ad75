/**
 * Inflates a zlib stream (RFC 1950, RFC 1951) piece by piece into one window, for as long as its reader wants more.
 *
 * Not by `DecompressionStream`: in workerd its writer does not wait for its reader, so that a few kilobytes become
 * megabytes that wait; and a wrong checksum, or a byte behind the stream, takes along what was not yet read.
 */
import type { ByteRange } from '../header.ts';
import { createPrefixCodes, type PrefixCodes, setPrefixCodes, symbolAt } from './prefix-codes.ts';

/** A match reaches back by no more (RFC 1951 §2). */
const HISTORY_BYTES = 32_768;
/** What is inflated between two calls of the reader, at least. */
const STRIDE_BYTES = 65_536;
const LONGEST_MATCH = 258;

/**
 * Blocks that inflate to little: 20 MB of empty ones are 16 million, and each with codes of its own costs as much as 2 KB
 * of data. Encoders begin a block every 10 KB or so; those that flush begin two for each row, and a row is 1 byte at least.
 * Of blocks with codes of their own, which take 60 bytes and more themselves, encoders write none for less.
 */
const FREE_BLOCKS = 2 ** 17;
const BYTES_A_BLOCK = 64;
const FREE_DYNAMIC_BLOCKS = 1024;
const BYTES_A_DYNAMIC_BLOCK = 1024;

const ZLIB_HEADER_BITS = 16;
const END_OF_BLOCK = 256;
const [STORED, FIXED, DYNAMIC] = [0, 1, 2] as const;

/** By symbol, from 257 and from 0 on (RFC 1951 §3.2.5): what is added to as many bits as the next table says. */
const LENGTHS = Uint16Array.of(
  ...[
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  ],
  ...[227, LONGEST_MATCH],
);
const LENGTH_BITS = Uint8Array.from(LENGTHS, (_, i) => (i < 4 || i === 28 ? 0 : (i >> 2) - 1));
const DISTANCE_BITS = Uint8Array.from({ length: 30 }, (_, i) => (i < 2 ? 0 : (i >> 1) - 1));
const DISTANCES = Uint16Array.from(DISTANCE_BITS, (bits, i) => 1 + (i < 2 ? i : (2 + (i & 1)) << bits));

/** The order in which the lengths of the code lengths' own codes are stored (§3.2.7). */
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] as const;

/** §3.2.6. */
const FIXED_LENGTHS = Uint8Array.from({ length: 288 }, (_, i) =>
  i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8,
);
const FIXED_DISTANCE_LENGTHS = new Uint8Array(30).fill(5);

/** Bytes of memory for a reader that asks for no more than `needBytes` at once. */
export function inflateBytes(needBytes: number): number {
  return HISTORY_BYTES + needBytes + STRIDE_BYTES + LONGEST_MATCH;
}

/**
 * What was inflated and not yet taken, in `window` from `from` up to `to`.
 *
 * @returns up to where it is taken now; negative for no more at all. At most `needBytes` may be left.
 */
export type Take = (window: Uint8Array, from: number, to: number) => number;

/** The next part of the stream, or undefined where there is none. */
export type NextRange = () => ByteRange | undefined;

interface Input {
  readonly bytes: Uint8Array;
  readonly nextRange: NextRange;
  at: number;
  end: number;
  /** The next bits, the first lowest, and how many they are. */
  hold: number;
  bits: number;
  /** How many of them lie behind the end, where there are none. */
  missing: number;
}

interface Output {
  readonly window: Uint8Array;
  readonly take: Take;
  from: number;
  to: number;
  /** Bytes that were inflated and are no longer in the window. */
  gone: number;
  isDone: boolean;
}

/**
 * @param nextRange where in `bytes` the stream goes on. Its checksum is not looked at.
 * @param needBytes what the reader may leave for the next time, at most.
 */
export function inflate(bytes: Uint8Array, nextRange: NextRange, needBytes: number, take: Take): void {
  const room = takeRoom(inflateBytes(needBytes));
  inflateInto(room, bytes, nextRange, take);
  if (room.window.length <= MAX_SPARE_BYTES) spare = room;
}

/** What a stream is inflated in. */
interface Room {
  readonly window: Uint8Array;
  readonly literals: PrefixCodes;
  readonly distances: PrefixCodes;
}

/** Kept for the next: a TIFF has a stream for each tile, and of a small tile making this would be most of the time. */
let spare: Room | undefined;
const MAX_SPARE_BYTES = 256 * 1024;

/** Bytes of an earlier stream may lie in it: a match reaches back to what its own stream has made, and no further. */
function takeRoom(bytes: number): Room {
  const room = spare;
  spare = undefined;
  if (room?.window.length === bytes) return room;
  return {
    window: new Uint8Array(bytes),
    literals: createPrefixCodes(),
    distances: createPrefixCodes(),
  };
}

function inflateInto(
  { window, literals, distances }: Room,
  bytes: Uint8Array,
  nextRange: NextRange,
  take: Take,
): void {
  const input: Input = { bytes, nextRange, at: 0, end: 0, hold: 0, bits: 0, missing: 0 };
  const output: Output = { window, take, from: 0, to: 0, gone: 0, isDone: false };
  let [blocks, dynamicBlocks] = [0, 0];
  readBits(input, ZLIB_HEADER_BITS);
  for (let isLast = false; !isLast && !output.isDone; ) {
    isLast = readBits(input, 1) === 1;
    const kind = readBits(input, 2);
    blocks += 1;
    if (kind === DYNAMIC) dynamicBlocks += 1;
    if (isShort(input) || hasTooMany(blocks, dynamicBlocks, output)) break;
    if (kind === STORED) {
      if (!copyStored(input, output)) break;
    } else if (kind === FIXED) {
      fixedCodes ??= { literals: codesOf(FIXED_LENGTHS), distances: codesOf(FIXED_DISTANCE_LENGTHS) };
      if (!inflateBlock(input, output, fixedCodes.literals, fixedCodes.distances)) break;
    } else if (kind === DYNAMIC) {
      if (!readCodes(input, literals, distances)) break;
      if (!inflateBlock(input, output, literals, distances)) break;
    } else break;
  }
  // What was made before a fault is as good as without it.
  if (!output.isDone) flush(output);
}

function isShort({ bits, missing }: Input): boolean {
  return bits < missing;
}

/** Makes sure of 25 bits at least; zeros behind the end. */
function refill(input: Input): void {
  while (input.bits <= 24) {
    if (input.at === input.end && !openNext(input)) input.missing += 8;
    else input.hold |= (input.bytes[input.at++] as number) << input.bits;
    input.bits += 8;
  }
}

function openNext(input: Input): boolean {
  for (let range = input.nextRange(); range !== undefined; range = input.nextRange()) {
    input.at = range.start;
    input.end = Math.min(range.end, input.bytes.length);
    if (input.at < input.end) return true;
  }
  input.at = input.end;
  return false;
}

/** @param count up to 16. */
function readBits(input: Input, count: number): number {
  refill(input);
  const value = input.hold & ((1 << count) - 1);
  input.hold >>>= count;
  input.bits -= count;
  return value;
}

/** Made when they are first needed. */
let fixedCodes: { readonly literals: PrefixCodes; readonly distances: PrefixCodes } | undefined;

function codesOf(lengths: Uint8Array): PrefixCodes {
  const codes = createPrefixCodes();
  setPrefixCodes(codes, lengths);
  return codes;
}

function hasTooMany(blocks: number, dynamicBlocks: number, { gone, to }: Output): boolean {
  const made = gone + to;
  return (
    blocks > FREE_BLOCKS + made / BYTES_A_BLOCK ||
    dynamicBlocks > FREE_DYNAMIC_BLOCKS + made / BYTES_A_DYNAMIC_BLOCK
  );
}

/** §3.2.7. */
function readCodes(input: Input, literals: PrefixCodes, distances: PrefixCodes): boolean {
  const literalCount = 257 + readBits(input, 5);
  const distanceCount = 1 + readBits(input, 5);
  const stored = 4 + readBits(input, 4);
  const own = new Uint8Array(CODE_LENGTH_ORDER.length);
  for (const symbol of CODE_LENGTH_ORDER.slice(0, stored)) own[symbol] = readBits(input, 3);
  if (!setPrefixCodes(distances, own)) return false;

  const lengths = new Uint8Array(literalCount + distanceCount);
  for (let i = 0; i < lengths.length; ) {
    refill(input);
    const found = symbolAt(distances, input.hold);
    if (found < 0 || isShort(input)) return false;
    readBits(input, found & 15);
    const symbol = found >> 4;
    if (symbol < 16) {
      lengths[i++] = symbol;
      continue;
    }
    if (symbol === 16 && i === 0) return false;
    const repeated = symbol === 16 ? (lengths[i - 1] as number) : 0;
    const times =
      symbol === 16
        ? 3 + readBits(input, 2)
        : symbol === 17
          ? 3 + readBits(input, 3)
          : 11 + readBits(input, 7);
    if (i + times > lengths.length) return false;
    lengths.fill(repeated, i, i + times);
    i += times;
  }
  return (
    setPrefixCodes(literals, lengths.subarray(0, literalCount)) &&
    setPrefixCodes(distances, lengths.subarray(literalCount))
  );
}

/** Hands over what there is, and keeps what matches and the reader may still want. @returns false for no more. */
function flush(output: Output): boolean {
  const { window, take, to } = output;
  const taken = take(window, output.from, to);
  if (taken < 0) {
    output.isDone = true;
    return false;
  }
  const keep = Math.max(0, Math.min(taken, to - HISTORY_BYTES));
  window.copyWithin(0, keep, to);
  output.gone += keep;
  output.from = taken - keep;
  output.to = to - keep;
  return true;
}

/** §3.2.4: the rest of the byte is passed over; then a length, its complement, and as many bytes. */
function copyStored(input: Input, output: Output): boolean {
  readBits(input, input.bits & 7);
  const length = readBits(input, 16);
  if ((readBits(input, 16) ^ length) !== 0xffff || isShort(input)) return false;
  // Whole bytes, which may have been read ahead.
  for (let left = length; left > 0; ) {
    if (input.bits > input.missing) {
      output.window[output.to++] = input.hold;
      input.hold >>>= 8;
      input.bits -= 8;
      left -= 1;
    } else {
      if (input.missing > 0 || (input.at === input.end && !openNext(input))) return false;
      const count = Math.min(left, input.end - input.at, output.window.length - output.to);
      output.window.set(input.bytes.subarray(input.at, input.at + count), output.to);
      output.to += count;
      input.at += count;
      left -= count;
    }
    if (output.to + LONGEST_MATCH > output.window.length && !flush(output)) return false;
  }
  return true;
}

/** Over the end of a range. */
function refilled(input: Input, hold: number, bits: number, at: number): Input {
  input.hold = hold;
  input.bits = bits;
  input.at = at;
  refill(input);
  return input;
}

/** @returns false at the end of the data, where they are broken, or when the reader wants no more. */
function inflateBlock(input: Input, output: Output, literals: PrefixCodes, distances: PrefixCodes): boolean {
  const { bytes } = input;
  const { window } = output;
  const room = window.length - LONGEST_MATCH;
  let { hold, bits, at, end } = input;
  let { to } = output;

  for (;;) {
    // 25 bits at least, three times: for a length's code and its own bits, 20; a distance's code, 15; and its own, 13.
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
      return true;
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
      output.to = to;
      if (!flush(output)) return false;
      to = output.to;
    }
  }
  output.to = to;
  return false;
}
