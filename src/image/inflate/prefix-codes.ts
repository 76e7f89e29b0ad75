/** Prefix codes of deflate (RFC 1951 §3.2.2), built from their lengths. */

/** Codes up to this length, which nearly all symbols have, are looked up; longer ones are decoded bit by bit. */
const FAST_BITS = 10;
const LONGEST_CODE = 15;
/** The number of literals and lengths in fixed codes (§3.2.6). */
const MOST_SYMBOLS = 288;

export interface PrefixCodes {
  /** By the next bits: a symbol times 16 plus its code's length; 0 if the code is longer, or invalid. */
  readonly fast: Uint16Array;
  /** Number of codes of each length. */
  readonly counts: Uint16Array;
  /** In the order of their codes. */
  readonly symbols: Uint16Array;
}

export function createPrefixCodes(): PrefixCodes {
  return {
    fast: new Uint16Array(1 << FAST_BITS),
    counts: new Uint16Array(LONGEST_CODE + 1),
    symbols: new Uint16Array(MOST_SYMBOLS),
  };
}

const places = new Uint16Array(LONGEST_CODE + 1);

/**
 * @param lengths by symbol, 0 if it does not occur.
 * @returns false if there are too many codes of these lengths.
 */
export function setPrefixCodes({ fast, counts, symbols }: PrefixCodes, lengths: Uint8Array): boolean {
  counts.fill(0);
  // Here and below within bounds: lengths have 4 bits, and symbols are those with a length.
  for (let i = 0; i < lengths.length; i++) {
    const length = lengths[i] as number;
    counts[length] = (counts[length] as number) + 1;
  }
  counts[0] = 0;
  let left = 1;
  for (let length = 1; length <= LONGEST_CODE; length++) {
    left = 2 * left - (counts[length] as number);
    if (left < 0) return false;
    places[length] = length === 1 ? 0 : (places[length - 1] as number) + (counts[length - 1] as number);
  }
  for (let i = 0; i < lengths.length; i++) {
    const length = lengths[i] as number;
    if (length === 0) continue;
    const place = places[length] as number;
    symbols[place] = i;
    places[length] = place + 1;
  }
  setFast(fast, counts, symbols);
  return true;
}

/** Codes are stored first bit first, so it is the lowest of the next bits. */
function setFast(fast: Uint16Array, counts: Uint16Array, symbols: Uint16Array): void {
  fast.fill(0);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= FAST_BITS; length++, code <<= 1) {
    for (const end = place + (counts[length] as number); place < end; place++, code++) {
      const entry = ((symbols[place] as number) << 4) | length;
      for (let at = reversed(code, length); at < fast.length; at += 1 << length) fast[at] = entry;
    }
  }
}

function reversed(code: number, length: number): number {
  let bits = 0;
  for (let i = 0; i < length; i++) bits |= ((code >>> i) & 1) << (length - 1 - i);
  return bits;
}

/**
 * @param bits at least the next 15, the first lowest.
 * @returns a symbol times 16 plus its code's length; negative if there is no such code.
 */
export function symbolAt({ fast, counts, symbols }: PrefixCodes, bits: number): number {
  const entry = fast[bits & ((1 << FAST_BITS) - 1)] as number;
  return entry !== 0 ? entry : longSymbolAt(counts, symbols, bits);
}

function longSymbolAt(counts: Uint16Array, symbols: Uint16Array, bits: number): number {
  let code = 0;
  let first = 0;
  let place = 0;
  for (let length = 1; length <= LONGEST_CODE; length++) {
    code |= (bits >>> (length - 1)) & 1;
    const count = counts[length] as number;
    if (code - first < count) return ((symbols[place + code - first] as number) << 4) | length;
    place += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  return -1;
}
