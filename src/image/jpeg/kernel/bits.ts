/** The bits of entropy-coded data, up to the next marker. */

/** The next bits, from the highest; so many of them are valid. */
export let bits: u64 = 0;
export let count: i32 = 0;
/** Where the next byte is, and where the data end. */
export let at: usize = 0;
export let end: usize = 0;

/** Where the file goes on: at the marker behind the data. */
export let source: usize = 0;

/** Where data without stuffed bytes are put: so far before what is yet to be read that whole vectors may be written. */
let target: usize = 0;
const DISTANCE: usize = 16;

/** @param start of a scan's data, before which there are 16 bytes of the file that are no longer needed. */
export function startScan(start: usize): void {
  source = start;
  target = start - DISTANCE;
}

/**
 * Takes the stuffed zeros out of the data up to the next marker (B.1.1.5), and begins reading there.
 *
 * @param limit where the file ends; 16 more bytes may be read.
 * @returns the second byte of the marker, or 0 when the file ends before there is one.
 */
export function startInterval(limit: usize): i32 {
  let from = source;
  let to = target;
  let marker: i32 = 0;
  at = to;
  bits = 0;
  count = 0;
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
    from += before + 1;
    to += before;
    const next: i32 = load<u8>(from);
    if (next === 0) {
      to += 1;
      from += 1;
    } else if (next !== 0xff) {
      marker = next;
      break;
    }
  }
  // The end of the file, whatever lies beyond it.
  if (from >= limit) marker = 0;
  end = to;
  target = to;
  source = from + 1;
  return marker;
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
