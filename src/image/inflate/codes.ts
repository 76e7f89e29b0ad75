/** The codes of a block: the fixed ones, and those that precede the block itself (RFC 1951 §3.2.6, §3.2.7). */
import { type Bits, isShort, readBits, refill } from './bits.ts';
import { createPrefixCodes, type PrefixCodes, setPrefixCodes, symbolAt } from './prefix-codes.ts';

export interface Codes {
  readonly literals: PrefixCodes;
  readonly distances: PrefixCodes;
}

/** The order in which the lengths of the code length codes are stored (§3.2.7). */
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] as const;

/** §3.2.6. */
const FIXED_LENGTHS = Uint8Array.from({ length: 288 }, (_, i) =>
  i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8,
);
const FIXED_DISTANCE_LENGTHS = new Uint8Array(30).fill(5);

/** Built when they are first needed. */
let fixed: Codes | undefined;

export function fixedCodes(): Codes {
  fixed ??= { literals: codesOf(FIXED_LENGTHS), distances: codesOf(FIXED_DISTANCE_LENGTHS) };
  return fixed;
}

function codesOf(lengths: Uint8Array): PrefixCodes {
  const codes = createPrefixCodes();
  setPrefixCodes(codes, lengths);
  return codes;
}

/** Reads a block's own codes into `literals` and `distances`. @returns false if they are broken. */
export function readCodes(input: Bits, { literals, distances }: Codes): boolean {
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
