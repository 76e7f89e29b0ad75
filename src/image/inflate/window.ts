/** The output of an inflation: what its reader has not taken, and what matches may refer to. */

/** The largest distance of a match (RFC 1951 §2). */
const HISTORY_BYTES = 32_768;
/** Least output between two calls of the reader. */
const STRIDE_BYTES = 65_536;
export const LONGEST_MATCH = 258;

/** Bytes of memory for a reader that requests at most `needBytes` at once. */
export function windowBytes(needBytes: number): number {
  return HISTORY_BYTES + needBytes + STRIDE_BYTES + LONGEST_MATCH;
}

/**
 * Takes output that was not yet taken, in `window` from `from` to `to`.
 *
 * @returns the position up to which it is taken now; negative to stop. At most `needBytes` may be left.
 */
export type Take = (window: Uint8Array, from: number, to: number) => number;

export interface Output {
  readonly window: Uint8Array;
  readonly take: Take;
  from: number;
  to: number;
  /** Bytes that were inflated and are no longer in the window. */
  gone: number;
  isDone: boolean;
}

/** Whether there may be no room for another match. */
export function isFull({ window, to }: Output): boolean {
  return to + LONGEST_MATCH > window.length;
}

/** Hands over the output, and keeps what matches and the reader may still need. @returns false to stop. */
export function flush(output: Output): boolean {
  const { window, take, to } = output;
  const taken = take(window, output.from, to);
  if (taken < 0) {
    output.isDone = true;
    return false;
  }
  const keep = Math.max(0, Math.min(taken, to - HISTORY_BYTES));
  window.copyWithin(0, keep, to);
  output.gone += keep;
  output.from = taken - keep;
  output.to = to - keep;
  return true;
}
