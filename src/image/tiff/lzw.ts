/**
 * LZW (TIFF 6.0 §13), also as programs before 1991 wrote it: the lowest bit first, and each code length in use for one
 * code longer.
 */
import type { ByteRange } from '../header.ts';
import type { Take } from '../inflate/window.ts';

const CLEAR = 256;
const END = 257;
const FIRST = 258;
const LEAST_BITS = 9;
const MOST_BITS = 12;
const TABLE = 1 << MOST_BITS;

/** One for all, because nothing waits in between: the prefix of a string, its last byte, its first, its length. */
const prefixes = new Uint16Array(TABLE);
const lasts = new Uint8Array(TABLE);
const firsts = new Uint8Array(TABLE);
const lengths = new Uint16Array(TABLE);
for (let byte = 0; byte < CLEAR; byte++) {
  lasts[byte] = byte;
  firsts[byte] = byte;
  lengths[byte] = 1;
}

/** `take` gets at least `needBytes` at once, while there are any. */
export function expandLzw(bytes: Uint8Array, range: ByteRange, needBytes: number, take: Take): void {
  const { start, end } = range;
  // A string is no longer than the table has entries.
  const window = new Uint8Array(needBytes + TABLE);
  // The first code is CLEAR.
  const isOld = bytes[start] === 0 && ((bytes[start + 1] ?? 0) & 1) === 1;
  const early = isOld ? 0 : 1;
  let to = 0;
  let next = FIRST;
  let bits = LEAST_BITS;
  let previous = -1;
  let hold = 0;
  let held = 0;
  for (let at = start; ; ) {
    while (held < bits && at < end) {
      // Within bounds, as below: codes are below `next`, which is at most the table's size.
      const byte = bytes[at++] as number;
      hold = isOld ? hold | (byte << held) : ((hold << 8) | byte) & 0xff_ffff;
      held += 8;
    }
    if (held < bits) break;
    held -= bits;
    const mask = (1 << bits) - 1;
    const code = (isOld ? hold : hold >>> held) & mask;
    if (isOld) hold >>>= bits;

    if (code === CLEAR) {
      next = FIRST;
      bits = LEAST_BITS;
      previous = -1;
      continue;
    }
    if (code === END || code > next || (code === next && previous < 0)) break;
    if (previous < 0) {
      if (code > END) break;
    } else if (next < TABLE) {
      prefixes[next] = previous;
      firsts[next] = firsts[previous] as number;
      lengths[next] = (lengths[previous] as number) + 1;
      lasts[next] = firsts[code === next ? previous : code] as number;
      next += 1;
      if (next + early === 1 << bits && bits < MOST_BITS) bits += 1;
    }

    const length = lengths[code] as number;
    to += length;
    for (let place = to - 1, string = code; place >= to - length; place--) {
      window[place] = lasts[string] as number;
      string = prefixes[string] as number;
    }
    previous = code;
    if (to < needBytes) continue;
    const taken = take(window, 0, to);
    if (taken < 0) return;
    window.copyWithin(0, taken, to);
    to -= taken;
  }
}
