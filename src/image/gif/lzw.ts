/** GIF's LZW (GIF89a appendix F): decodes codes of growing length, in sub-blocks, to indices. */
import type { Work } from '../turns.ts';

const LONGEST_CODE_BITS = 12;
const CODES = 1 << LONGEST_CODE_BITS;
/** More than the 8 that the format allows, as browsers accept. */
const MOST_LITERAL_BITS = 11;

/** Bytes of memory for rows of this width: the codes, and rows until they are taken. */
export function lzwBytes(width: number): number {
  return CODES * (2 + 2 + 1 + 1) + roomFor(width);
}

/** Room for an incomplete row and the longest string after it, several times over. */
function roomFor(width: number): number {
  return Math.max(4 * width, 4 * CODES) + CODES;
}

/**
 * @param start position of the minimum code size, which the sub-blocks follow.
 * @param take gets each row of indices, in the order of the file: `width` of them from `at` on.
 * @yields the share of the rows taken since the last time.
 * @returns whether all rows were there. Data after them are ignored.
 */
export function* decodeLzw(
  bytes: Uint8Array,
  start: number,
  width: number,
  height: number,
  take: (indices: Uint8Array, at: number) => void,
): Work<boolean> {
  const literalBits = bytes[start] ?? 0;
  if (literalBits < 1 || literalBits > MOST_LITERAL_BITS) return false;
  const state = begin(bytes, start, literalBits, roomFor(width));
  let rows = 0;

  /** Hands over complete rows, and moves the rest to the beginning. */
  function handOver(): void {
    const { out } = state;
    let from = 0;
    for (; state.made - from >= width && rows < height; from += width, rows++) take(out, from);
    out.copyWithin(0, from, state.made);
    state.made -= from;
  }

  while (rows < height) {
    const goesOn = decodeStrings(state);
    const before = rows;
    handOver();
    if (!goesOn) break;
    yield (rows - before) / height;
  }
  return rows === height;
}

interface State {
  readonly bytes: Uint8Array;
  readonly literalBits: number;
  /** Each string is another one followed by an index. */
  readonly prefixes: Uint16Array;
  readonly lengths: Uint16Array;
  readonly lasts: Uint8Array;
  readonly firsts: Uint8Array;
  readonly out: Uint8Array;
  /** Number of indices in `out`. */
  made: number;
  at: number;
  blockEnd: number;
  codeBits: number;
  /** The code that is defined next, and the last code read. */
  next: number;
  previous: number;
  hold: number;
  bits: number;
}

function begin(bytes: Uint8Array, start: number, literalBits: number, room: number): State {
  const lasts = new Uint8Array(CODES).map((_, i) => i);
  return {
    bytes,
    literalBits,
    prefixes: new Uint16Array(CODES),
    lengths: new Uint16Array(CODES).fill(1, 0, 1 << literalBits),
    lasts,
    firsts: lasts.slice(),
    out: new Uint8Array(room),
    made: 0,
    at: start + 1,
    blockEnd: start + 1,
    codeBits: literalBits + 1,
    next: (1 << literalBits) + 2,
    previous: -1,
    hold: 0,
    bits: 0,
  };
}

/** Decodes until there may be no room for another string. @returns false if the data end or are broken. */
function decodeStrings(state: State): boolean {
  const { bytes, literalBits, prefixes, lengths, lasts, firsts, out } = state;
  const clear = 1 << literalBits;
  const end = clear + 1;
  let { made, at, blockEnd, codeBits, next, previous, hold, bits } = state;
  while (made + CODES <= out.length) {
    while (bits < codeBits) {
      if (at === blockEnd) {
        const length = bytes[at] ?? 0;
        at += 1;
        blockEnd = at + length;
        if (length === 0) {
          state.made = made;
          return false;
        }
      }
      if (at >= bytes.length) {
        state.made = made;
        return false;
      }
      hold |= (bytes[at++] as number) << bits;
      bits += 8;
    }
    const code = hold & ((1 << codeBits) - 1);
    hold >>>= codeBits;
    bits -= codeBits;
    if (code === clear) {
      codeBits = literalBits + 1;
      next = end + 1;
      previous = -1;
      continue;
    }
    if (code === end || code > next || (previous < 0 && code > end)) {
      state.made = made;
      return false;
    }
    // A code that is about to be defined is the previous string and its own first index (appendix F, "KwKwK").
    const isNew = code === next;
    // Within bounds, as below: codes are below `next`, which is 4096 at most.
    const string = isNew ? previous : code;
    const length = lengths[string] as number;
    const first = firsts[string] as number;
    let to = made + length - 1;
    for (let link = string; to > made; to--, link = prefixes[link] as number) out[to] = lasts[link] as number;
    out[made] = first;
    made += length;
    if (isNew) out[made++] = first;
    if (previous >= 0 && next < CODES) {
      prefixes[next] = previous;
      lengths[next] = (lengths[previous] as number) + 1;
      firsts[next] = firsts[previous] as number;
      lasts[next] = first;
      next += 1;
      if (next === 1 << codeBits && codeBits < LONGEST_CODE_BITS) codeBits += 1;
    }
    previous = code;
  }
  Object.assign(state, { made, at, blockEnd, codeBits, next, previous, hold, bits });
  return true;
}
