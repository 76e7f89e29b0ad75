/**
 * The bits of entropy-coded data, up to the next marker. The file is read through a window: what is left of one
 * when the next is put in its place goes before it.
 */

/** The next bits, from the highest; so many of them are valid. */
export let bits: u64 = 0;
export let count: i32 = 0;
/** Where the next byte is, and where the data end. */
export let at: usize = 0;
export let end: usize = 0;

/** Where the file goes on. */
export let source: usize = 0;
/** The second byte of the marker behind the data, or `END_OF_FILE`; 0 for as long as it has not been met. */
export let marker: i32 = 0;
export const END_OF_FILE: i32 = 0x100;

/**
 * Bytes that an MCU may take and that are read ahead of it: 6 blocks of 64 coefficients, each of a code of 16 bits
 * and a number of 15.
 */
export const MCU_BYTES: usize = 2048;
/** Data without stuffed bytes are put so far before what is yet to be read that whole vectors may be written. */
const DISTANCE: usize = 16;
/** What lies before the window: those, and the data that are left of the window before. */
export const BEFORE_BYTES: usize = MCU_BYTES + DISTANCE;

let limit: usize = 0;
let isLast: bool = false;

/** Moves what is left of the data before the window, so that more of the file may be put there. */
export function emptyWindow(window: usize): void {
  const left = end - at;
  const to = window - DISTANCE - left;
  memory.copy(to, at, left);
  at = to;
  end = to + left;
}

/** @param window where `length` more bytes of the file are; `last` when it ends with them. */
export function openWindow(window: usize, length: usize, last: bool): void {
  source = window;
  limit = window + length;
  isLast = last;
  if (marker === 0) takeOutZeros();
}

/** Before a picture: no data are left of another one. */
export function forgetData(): void {
  marker = END_OF_FILE;
}

/** Begins reading behind the marker that the data before have ended with. */
export function startInterval(): void {
  at = source - DISTANCE;
  end = at;
  bits = 0;
  count = 0;
  marker = 0;
  takeOutZeros();
}

/** Takes the stuffed zeros out of the data, up to the next marker (B.1.1.5) or the end of the window. */
function takeOutZeros(): void {
  let from = source;
  let to = end;
  while (from < limit) {
    const bytes = v128.load(from);
    v128.store(to, bytes);
    const found = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(-1)));
    if (found === 0) {
      from += 16;
      to += 16;
      continue;
    }
    const before: usize = ctz(found);
    from += before;
    to += before;
    // What it means is in the next window.
    if (from + 1 >= limit) break;
    const next: i32 = load<u8>(from, 1);
    if (next === 0) {
      from += 2;
      to += 1;
    } else if (next === 0xff) {
      from += 1;
    } else {
      marker = next;
      from += 2;
      break;
    }
  }
  if (from > limit) {
    to -= from - limit;
    from = limit;
  }
  if (isLast && marker === 0) {
    from = limit;
    marker = END_OF_FILE;
  }
  source = from;
  end = to;
}

/** Eight bytes, the first the highest. */
export function eightBytes(from: usize): u64 {
  const stored = v128.load64_zero(from);
  const turned = v128.shuffle<u8>(stored, stored, 7, 6, 5, 4, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0);
  return <u64>i64x2.extract_lane(turned, 0);
}

export function keepBits(nextBits: u64, nextCount: i32, nextAt: usize): void {
  bits = nextBits;
  count = nextCount;
  at = nextAt;
}

/** Bits that have not been read; negative when there were too few. */
export function bitsLeft(): i32 {
  return ((<i32>(end - at)) << 3) + count;
}

/** Whether an MCU can be read without the next window. */
export function hasMcu(): bool {
  return marker !== 0 || <isize>(end - at) >= <isize>MCU_BYTES;
}
