/**
 * A reader for the bits of entropy-coded data, up to the next marker. The file is read through a window: what remains
 * of one is moved before the next.
 */

/** The next bits, from the highest, and how many are valid. */
export let bits: u64 = 0;
export let count: i32 = 0;
/** Positions of the next byte and of the end of the data. */
export let at: usize = 0;
export let end: usize = 0;

/** Where the file continues. */
export let source: usize = 0;
/** The second byte of the marker after the data, or `END_OF_FILE`; 0 until it has been reached. */
export let marker: i32 = 0;
export const END_OF_FILE: i32 = 0x100;

/**
 * Bytes read ahead, the most that an MCU takes: 6 blocks of 64 coefficients, each with a code of 16 bits and a number
 * of 15.
 */
export const MCU_BYTES: usize = 2048;
/** Data without stuffed bytes are written this far before the unread input, so that whole vectors can be stored. */
const DISTANCE: usize = 16;
/** What precedes the window: this gap, and the data that remain of the previous window. */
export const BEFORE_BYTES: usize = MCU_BYTES + DISTANCE;

let limit: usize = 0;
let isLast: bool = false;

/** Moves the remaining data before the window, so that more of the file can be put there. */
export function emptyWindow(window: usize): void {
  const left = end - at;
  const to = window - DISTANCE - left;
  memory.copy(to, at, left);
  at = to;
  end = to + left;
}

/** @param window position of `length` more bytes of the file; `last` if it ends with them. */
export function openWindow(window: usize, length: usize, last: bool): void {
  source = window;
  limit = window + length;
  isLast = last;
  if (marker === 0) takeOutZeros();
}

/** Called before a picture, so that no data of another remain. */
export function forgetData(): void {
  marker = END_OF_FILE;
}

/** Continues after the marker that ended the previous data. */
export function startInterval(): void {
  at = source - DISTANCE;
  end = at;
  bits = 0;
  count = 0;
  marker = 0;
  takeOutZeros();
}

/** Removes the stuffed zeros from the data, up to the next marker (B.1.1.5) or the end of the window. */
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
    // Its meaning depends on the next window.
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

/** Eight bytes, the first the most significant. */
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

/** Unread bits; negative if there were too few. */
export function bitsLeft(): i32 {
  return ((<i32>(end - at)) << 3) + count;
}

/** Whether an MCU can be read without the next window. */
export function hasMcu(): bool {
  return marker !== 0 || <isize>(end - at) >= <isize>MCU_BYTES;
}
