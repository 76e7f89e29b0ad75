/** The pace of a job, and what depends on it. Times are as `Date.now()`. */
import type { JobRow } from './job-store.ts';

/** Chunks that are sent before the pace is known. */
const FIRST_CHUNKS = 20;
/** Twice what the platform's 250 consumers process at once. */
const MOST_CHUNKS = 500;
/** Share of the time until a chunk is sent again that it may wait in the queue. */
const WAITING_PART = 1 / 3;

/** Pictures per millisecond since the job started or resumed; 0 if unknown. */
function pace(row: JobRow, now: number): number {
  return Math.max(0, row.completed + row.failed - row.paced_from) / Math.max(1, now - row.paced_since);
}

/** @returns null while it is unknown. */
export function secondsLeft(row: JobRow, now: number): number | null {
  const perMillisecond = pace(row, now);
  if (row.is_listing === 1 || perMillisecond === 0) return null;
  return Math.ceil((row.listed - row.completed - row.failed) / perMillisecond / 1000);
}

/**
 * How many chunks may be sent and not done. If more were sent than are taken soon, they would be late before they are
 * started, and be sent again for nothing. With fewer, the platform would start no more consumers, because it goes by
 * what waits in the queue.
 */
export function windowChunks(row: JobRow, lateMilliseconds: number, now: number): number {
  const chunksPerMillisecond = (pace(row, now) * row.chunks) / Math.max(1, row.listed);
  const taken = Math.ceil(chunksPerMillisecond * lateMilliseconds * WAITING_PART);
  return Math.min(MOST_CHUNKS, Math.max(FIRST_CHUNKS, taken));
}
