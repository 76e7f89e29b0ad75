/** How fast a job goes, and what follows from it. Times are as `Date.now()`. */
import type { JobRow } from './job-store.ts';

/** Chunks that are sent before anything is known. */
const FIRST_CHUNKS = 20;
/** Twice what the platform's 250 consumers have in hand. */
const MOST_CHUNKS = 500;
/** Part of the time after which a chunk is sent again that it may wait in the queue. */
const WAITING_PART = 1 / 3;

/** Pictures a millisecond since the job began, or was taken up again; 0 where nothing is known yet. */
function pace(row: JobRow, now: number): number {
  return Math.max(0, row.completed + row.failed - row.paced_from) / Math.max(1, now - row.paced_since);
}

/** @returns null while that cannot be told. */
export function secondsLeft(row: JobRow, now: number): number | null {
  const perMillisecond = pace(row, now);
  if (row.is_listing === 1 || perMillisecond === 0) return null;
  return Math.ceil((row.listed - row.completed - row.failed) / perMillisecond / 1000);
}

/**
 * How many chunks may be sent and not done. More than are taken up soon would be late before they are begun, and be
 * sent again for nothing; with fewer the platform starts no more consumers, which it does by what waits in the queue.
 */
export function windowChunks(row: JobRow, lateMilliseconds: number, now: number): number {
  const chunksPerMillisecond = (pace(row, now) * row.chunks) / Math.max(1, row.listed);
  const taken = Math.ceil(chunksPerMillisecond * lateMilliseconds * WAITING_PART);
  return Math.min(MOST_CHUNKS, Math.max(FIRST_CHUNKS, taken));
}
