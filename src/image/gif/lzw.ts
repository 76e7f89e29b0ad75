/** GIF's LZW (GIF89a appendix F): indices out of codes of growing length, in sub-blocks. */

const LONGEST_CODE_BITS = 12;
const CODES = 1 << LONGEST_CODE_BITS;
/** More than the 8 that the format allows, and as many as browsers take. */
const MOST_LITERAL_BITS = 11;

/** Bytes of memory for rows of a width: the codes, and rows until they are taken. */
export function lzwBytes(width: number): number {
  return CODES * (2 + 2 + 1 + 1) + roomFor(width);
}

/** For a row that is not complete and the longest string behind it, several times over. */
function roomFor(width: number): number {
  return Math.max(4 * width, 4 * CODES) + CODES;
}

/**
 * @param start position of the least code size, which the sub-blocks follow.
 * @param take gets each row of indices, in the order of the file: `width` of them from `at` on.
 * @returns whether all rows were there. What comes after them is not looked at.
 */
export function decodeLzw(
  bytes: Uint8Array,
  start: number,
  width: number,
  height: number,
  take: (indices: Uint8Array, at: number) => void,
): boolean {
  const literalBits = bytes[start] ?? 0;
  if (literalBits < 1 || literalBits > MOST_LITERAL_BITS) return false;
  const clear = 1 << literalBits;
  const end = clear + 1;

  // Each string is another one and an index behind it.
  const prefixes = new Uint16Array(CODES);
  const lengths = new Uint16Array(CODES).fill(1, 0, clear);
  const lasts = new Uint8Array(CODES).map((_, i) => i);
  const firsts = lasts.slice();
  const out = new Uint8Array(roomFor(width));
  let made = 0;
  let rows = 0;

  /** Hands over whole rows, and moves the rest to the beginning. @returns whether it was the last. */
  function handOver(): boolean {
    let from = 0;
    for (; made - from >= width && rows < height; from += width, rows++) take(out, from);
    out.copyWithin(0, from, made);
    made -= from;
    return rows === height;
  }

  let at = start + 1;
  let blockEnd = at;
  let codeBits = literalBits + 1;
  let next = end + 1;
  let previous = -1;
  let hold = 0;
  let bits = 0;
  while (rows < height) {
    while (bits < codeBits) {
      if (at === blockEnd) {
        const length = bytes[at] ?? 0;
        if (length === 0) return handOver();
        at += 1;
        blockEnd = at + length;
      }
      if (at >= bytes.length) return handOver();
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
    if (code === end || code > next || (previous < 0 && code > end)) return handOver();
    // A code that is about to be made is the previous string and its own first index (appendix F, "KwKwK").
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
    if (made + CODES > out.length && handOver()) return true;
  }
  return true;
}
