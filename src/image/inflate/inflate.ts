/**
 * Inflates a zlib stream (RFC 1950, RFC 1951) piece by piece into one window, for as long as its reader takes more.
 *
 * `DecompressionStream` is not used: in workerd its writer does not wait for its reader, so that a few kilobytes become
 * megabytes in memory; and a wrong checksum, or a byte after the stream, discards what was not yet read.
 */
import { type Bits, createBits, isShort, type NextRange, openNext, readBits } from './bits.ts';
import { inflateBlock } from './block.ts';
import { type Codes, fixedCodes, readCodes } from './codes.ts';
import { createPrefixCodes } from './prefix-codes.ts';
import { flush, isFull, type Output, type Take, windowBytes } from './window.ts';

/**
 * Limits on blocks with little output: 20 MB of empty ones are 16 million, and each with its own codes costs as much as
 * 2 KB of data. Encoders begin a block every 10 KB or so; those that flush begin two for each row, and a row has at
 * least 1 byte. A block's own codes take 60 bytes or more, so encoders do not write them for less output.
 */
const FREE_BLOCKS = 2 ** 17;
const BYTES_A_BLOCK = 64;
const FREE_DYNAMIC_BLOCKS = 1024;
const BYTES_A_DYNAMIC_BLOCK = 1024;

const ZLIB_HEADER_BITS = 16;
const [STORED, FIXED, DYNAMIC] = [0, 1, 2] as const;

/**
 * @param nextRange where in `bytes` the stream continues. Its checksum is ignored.
 * @param needBytes the most that the reader may leave for the next time.
 * @yields each time that the reader has taken something and needs more: after some 64 KiB.
 */
export function* inflate(
  bytes: Uint8Array,
  nextRange: NextRange,
  needBytes: number,
  take: Take,
): Generator<void, void, void> {
  const room = takeRoom(windowBytes(needBytes));
  yield* inflateInto(room, createBits(bytes, nextRange), take);
  if (room.window.length <= MAX_SPARE_BYTES) spare = room;
}

/** The buffers of an inflation. */
interface Room {
  readonly window: Uint8Array;
  readonly codes: Codes;
}

/** Kept for the next stream: a TIFF has one for each tile, and for a small tile, allocating this would dominate. */
let spare: Room | undefined;
const MAX_SPARE_BYTES = 256 * 1024;

/** It may contain bytes of an earlier stream, but a match reaches back only to the output of its own. */
function takeRoom(bytes: number): Room {
  const room = spare;
  spare = undefined;
  if (room?.window.length === bytes) return room;
  return {
    window: new Uint8Array(bytes),
    codes: { literals: createPrefixCodes(), distances: createPrefixCodes() },
  };
}

function* inflateInto({ window, codes }: Room, input: Bits, take: Take): Generator<void, void, void> {
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
      if (!(yield* copyStored(input, output))) break;
    } else if (kind === FIXED || kind === DYNAMIC) {
      if (kind === DYNAMIC && !readCodes(input, codes)) break;
      if (!(yield* inflateWhole(input, output, kind === FIXED ? fixedCodes() : codes))) break;
    } else break;
  }
  // Output before an error is valid.
  if (!output.isDone) flush(output);
}

/** @returns false at the end of the data, if they are broken, or if the reader needs no more. */
function* inflateWhole(input: Bits, output: Output, codes: Codes): Generator<void, boolean, void> {
  let inflated = inflateBlock(input, output, codes);
  for (; inflated === 'full'; inflated = inflateBlock(input, output, codes)) {
    if (!flush(output)) return false;
    yield;
  }
  return inflated === 'ended';
}

function hasTooMany(blocks: number, dynamicBlocks: number, { gone, to }: Output): boolean {
  const made = gone + to;
  return (
    blocks > FREE_BLOCKS + made / BYTES_A_BLOCK ||
    dynamicBlocks > FREE_DYNAMIC_BLOCKS + made / BYTES_A_DYNAMIC_BLOCK
  );
}

/** §3.2.4: the rest of the byte is skipped; then come a length, its complement, and that many bytes. */
function* copyStored(input: Bits, output: Output): Generator<void, boolean, void> {
  readBits(input, input.bits & 7);
  const length = readBits(input, 16);
  if ((readBits(input, 16) ^ length) !== 0xffff || isShort(input)) return false;
  // Whole bytes, some of which may already be in the bit reader.
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
    if (isFull(output)) {
      if (!flush(output)) return false;
      yield;
    }
  }
  return true;
}
