/** PackBits (TIFF 6.0 §9). */
import type { ByteRange } from '../header.ts';
import type { Take } from '../inflate/window.ts';

/** Longest run. */
const LONGEST_RUN = 128;
/** A header byte without a meaning. */
const NOTHING = 128;

export function unpackBits(
  bytes: Uint8Array,
  { start, end }: ByteRange,
  needBytes: number,
  take: Take,
): void {
  const window = new Uint8Array(needBytes + LONGEST_RUN);
  let to = 0;
  for (let at = start; at < end; ) {
    const head = bytes[at++] as number;
    if (head === NOTHING) continue;
    if (head < NOTHING) {
      const count = Math.min(head + 1, end - at);
      window.set(bytes.subarray(at, at + count), to);
      at += count;
      to += count;
    } else {
      if (at === end) break;
      const count = 257 - head;
      window.fill(bytes[at++] as number, to, to + count);
      to += count;
    }
    if (to < needBytes) continue;
    const taken = take(window, 0, to);
    if (taken < 0) return;
    window.copyWithin(0, taken, to);
    to -= taken;
  }
}
