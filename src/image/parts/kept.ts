/** Ranges of a file that are kept, merged into as few parts as possible. */
import type { ByteRange } from '../header.ts';

/** A file that alternates between kept and skipped bytes is not a picture's; its parts would be millions. */
const MAX_PARTS = 10_000;

export interface Kept {
  /** In the order of the file. */
  keep(range: ByteRange): void;
  /** Bytes of our own, after those kept so far. */
  add(bytes: Uint8Array): void;
  parts(): readonly Uint8Array[];
}

export function keptOf(bytes: Uint8Array): Kept {
  const parts: Uint8Array[] = [];
  let range: ByteRange = { start: 0, end: 0 };
  const flush = () => {
    if (range.end > range.start && parts.length < MAX_PARTS) {
      parts.push(bytes.subarray(range.start, range.end));
    }
  };
  return {
    keep(next) {
      if (next.start === range.end) {
        range = { start: range.start, end: next.end };
        return;
      }
      flush();
      range = next;
    },
    add(own) {
      flush();
      range = { start: 0, end: 0 };
      parts.push(own);
    },
    parts() {
      flush();
      range = { start: 0, end: 0 };
      return parts;
    },
  };
}
