/** How a prefix code is stored (RFC 9649 §6.2.1): as one or two symbols, or as the lengths of all. */
import { type BitReader, readBits } from './bits.ts';
import { addCode, addFew, createTables, type PrefixCode, readSymbol, type Tables } from './prefix-codes.ts';

/** Lengths are stored with a prefix code of their own, whose lengths come in this order. */
const ORDER = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/** Codes that repeat the previous length, or 0: the minimum count, and the number of extra bits. */
const REPEAT = 16;
const REPEATS: Readonly<Record<number, readonly [least: number, bits: number]>> = {
  [REPEAT]: [3, 2],
  17: [3, 3],
  18: [11, 7],
};
/** Repeated if only 0 precedes. */
const FIRST_LENGTH = 8;

/**
 * @param size of the alphabet.
 * @returns undefined if the stored code is invalid.
 */
export function readCode(bits: BitReader, tables: Tables, size: number): PrefixCode | undefined {
  if (readBits(bits, 1) === 1) return readFew(bits, tables, size);
  const lengths = readLengths(bits, size);
  return lengths && addCode(tables, lengths);
}

function readFew(bits: BitReader, tables: Tables, size: number): PrefixCode | undefined {
  const isTwo = readBits(bits, 1) === 1;
  const first = readBits(bits, readBits(bits, 1) === 1 ? 8 : 1);
  const second = isTwo ? readBits(bits, 8) : first;
  return Math.max(first, second) >= size ? undefined : addFew(tables, first, second);
}

/** For the code of the lengths, which is discarded after use: a picture may have thousands. */
const OWN = createTables();

function readLengths(bits: BitReader, size: number): Uint8Array | undefined {
  const stored = new Uint8Array(ORDER.length);
  const count = 4 + readBits(bits, 4);
  for (const symbol of ORDER.slice(0, count)) stored[symbol] = readBits(bits, 3);
  OWN.used = 0;
  const code = addCode(OWN, stored);
  if (code === undefined) return undefined;
  let left = size;
  if (readBits(bits, 1) === 1) {
    left = 2 + readBits(bits, 2 + 2 * readBits(bits, 3));
    if (left > size) return undefined;
  }
  const lengths = new Uint8Array(size);
  let before = FIRST_LENGTH;
  for (let symbol = 0; symbol < size && left > 0; left--) {
    const length = readSymbol(bits, OWN, code);
    const repeats = REPEATS[length];
    if (repeats === undefined) {
      lengths[symbol++] = length;
      if (length > 0) before = length;
      continue;
    }
    const end = symbol + repeats[0] + readBits(bits, repeats[1]);
    if (end > size) return undefined;
    if (length === REPEAT) lengths.fill(before, symbol, end);
    symbol = end;
  }
  return lengths;
}
