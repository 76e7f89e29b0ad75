/** Where a stream is inflated to: what its reader has not taken, and what matches may reach back to. */

/** A match reaches back by no more (RFC 1951 §2). */
const HISTORY_BYTES = 32_768;
/** What is inflated between two calls of the reader, at least. */
const STRIDE_BYTES = 65_536;
export const LONGEST_MATCH = 258;

/** Bytes of memory for a reader that asks for no more than `needBytes` at once. */
export function windowBytes(needBytes: number): number {
  return HISTORY_BYTES + needBytes + STRIDE_BYTES + LONGEST_MATCH;
}

/**
 * What was inflated and not yet taken, in `window` from `from` up to `to`.
 *
 * @returns up to where it is taken now; negative for no more at all. At most `needBytes` may be left.
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

/** Hands over what there is, and keeps what matches and the reader may still want. @returns false for no more. */
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
