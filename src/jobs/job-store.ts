/**
 * The rows of a job: one for the job, one for each chunk.
 *
 * The counts of a job are sums over its chunks. The job's row stores them, and each change of a chunk's row adds its
 * difference. A chunk that is reported twice adds nothing the second time, so at-least-once delivery counts once, and
 * the progress of a job can be read from one row, however many chunks there are.
 */
import type { JobSpec, Status } from './schemas.ts';

export type JobRow = {
  /** A JobSpec as JSON. */
  spec: string;
  status: Status;
  error: string | null;
  /** Times as `Date.now()`. */
  created: number;
  began: number | null;
  finalizing: number | null;
  ended: number | null;
  /** The last listed key. */
  after: string | null;
  is_listing: number;
  chunks: number;
  listed: number;
  open_chunks: number;
  completed: number;
  failed: number;
  /** Start of the measurement of the pace, and how many pictures were done then. */
  paced_since: number;
  paced_from: number;
  /** Consecutive alarms that failed. */
  troubles: number;
};

export type ChunkRow = {
  number: number;
  /** Index of its first picture in the job. */
  first: number;
  size: number;
  /** A list of keys as JSON: below 100 kB, where a row may have 2 MB. Empty once it cannot be needed again. */
  keys: string;
  is_open: number;
  /** When it was last sent or taken; 0 is never. */
  heard: number;
  /** How often it was taken since it was last sent. */
  attempts: number;
  /** The round of retries in which it was reopened. */
  round: number;
  /** Whether nothing was reported of this round. */
  is_fresh: number;
  completed: number;
  failed: number;
};

/** The column with the time of the event. */
const TIMES: Readonly<Record<Status, keyof JobRow>> = {
  validating: 'created',
  in_progress: 'began',
  finalizing: 'finalizing',
  completed: 'ended',
  failed: 'ended',
  cancelled: 'ended',
};

const TABLES = `
  CREATE TABLE IF NOT EXISTS job (
    spec TEXT NOT NULL, status TEXT NOT NULL, error TEXT, created INTEGER NOT NULL, began INTEGER, finalizing INTEGER,
    ended INTEGER, after TEXT, is_listing INTEGER NOT NULL DEFAULT 1, chunks INTEGER NOT NULL DEFAULT 0,
    listed INTEGER NOT NULL DEFAULT 0, open_chunks INTEGER NOT NULL DEFAULT 0, completed INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0, paced_since INTEGER NOT NULL DEFAULT 0, paced_from INTEGER NOT NULL DEFAULT 0,
    troubles INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS chunk (
    number INTEGER PRIMARY KEY, first INTEGER NOT NULL, size INTEGER NOT NULL, keys TEXT NOT NULL,
    is_open INTEGER NOT NULL DEFAULT 1, heard INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
    round INTEGER NOT NULL DEFAULT 0, is_fresh INTEGER NOT NULL DEFAULT 1, completed INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX IF NOT EXISTS open_chunk ON chunk (heard) WHERE is_open = 1`;

export function createJobStore(sql: SqlStorage) {
  let exists = false;

  /** A job that was never started has no tables, so requests for random ids leave nothing behind. */
  function hasTables(): boolean {
    exists ||=
      sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'job'").toArray().length > 0;
    return exists;
  }

  function job(): JobRow | undefined {
    return hasTables() ? sql.exec<JobRow>('SELECT * FROM job').toArray()[0] : undefined;
  }

  return {
    job,

    create(spec: JobSpec, now: number): void {
      sql.exec(TABLES);
      exists = true;
      if (job() !== undefined) return;
      sql.exec(
        "INSERT INTO job (spec, status, created, paced_since) VALUES (?, 'validating', ?, ?)",
        ...[JSON.stringify(spec), now, now],
      );
    },

    setStatus(status: Status, now: number, error: string | null = null): void {
      sql.exec(`UPDATE job SET status = ?, error = ?, ${TIMES[status]} = ?`, status, error, now);
    },

    setTroubles(troubles: number): void {
      sql.exec('UPDATE job SET troubles = ?', troubles);
    },

    /** Stores a page of the listing, divided into chunks. @param after the last key of the page. */
    addPage(chunks: readonly (readonly string[])[], after: string | undefined, isLast: boolean): void {
      const row = job();
      if (row === undefined) return;
      let { chunks: number, listed } = row;
      for (const keys of chunks) {
        sql.exec(
          'INSERT INTO chunk (number, first, size, keys) VALUES (?, ?, ?, ?)',
          ...[number++, listed, keys.length, JSON.stringify(keys)],
        );
        listed += keys.length;
      }
      sql.exec(
        'UPDATE job SET after = coalesce(?, after), is_listing = ?, chunks = ?, listed = ?, open_chunks = open_chunks + ?',
        ...[after ?? null, isLast ? 0 : 1, number, listed, chunks.length],
      );
    },

    /** Counts chunks that were sent or taken since then and are not done, up to `most`. */
    underWay(since: number, most: number): number {
      return sql
        .exec<{ count: number }>(
          'SELECT count(*) AS count FROM (SELECT 1 FROM chunk WHERE is_open = 1 AND heard >= ? LIMIT ?)',
          ...[since, most],
        )
        .one().count;
    },

    /** Chunks that were never sent, or are without a report since then. */
    due(since: number, most: number): number[] {
      return sql
        .exec<{ number: number }>(
          'SELECT number FROM chunk WHERE is_open = 1 AND heard < ? ORDER BY heard, number LIMIT ?',
          ...[since, most],
        )
        .toArray()
        .map(({ number }) => number);
    },

    /** When the chunk that will be late next was last reported. */
    nextLate(since: number): number | undefined {
      return sql
        .exec<{ heard: number }>(
          'SELECT heard FROM chunk WHERE is_open = 1 AND heard >= ? ORDER BY heard LIMIT 1',
          since,
        )
        .toArray()[0]?.heard;
    },

    markSent(numbers: readonly number[], now: number): void {
      for (const number of numbers)
        sql.exec('UPDATE chunk SET heard = ? WHERE number = ? AND is_open = 1', now, number);
    },

    chunk(number: number): ChunkRow | undefined {
      return hasTables()
        ? sql.exec<ChunkRow>('SELECT * FROM chunk WHERE number = ?', number).toArray()[0]
        : undefined;
    },

    markTaken(number: number, now: number): void {
      sql.exec('UPDATE chunk SET heard = ?, attempts = attempts + 1 WHERE number = ?', now, number);
    },

    /** Stores the progress of a chunk, and adds the difference to the job. */
    count(before: ChunkRow, completed: number, failed: number): void {
      const isOpen = completed + failed < before.size ? 1 : 0;
      // The keys of failed pictures are needed if the job is retried.
      const keys = isOpen === 0 && failed === 0 ? '' : before.keys;
      sql.exec(
        'UPDATE chunk SET is_open = ?, heard = 0, attempts = ?, is_fresh = 0, completed = ?, failed = ?, keys = ? WHERE number = ?',
        ...[isOpen, isOpen, completed, failed, keys, before.number],
      );
      sql.exec(
        'UPDATE job SET open_chunks = open_chunks + ?, completed = completed + ?, failed = failed + ?',
        ...[isOpen - before.is_open, completed - before.completed, failed - before.failed],
      );
    },

    /** Reopens chunks with failed pictures; those that are open are sent again. */
    reopen(now: number): void {
      sql.exec('UPDATE chunk SET heard = 0 WHERE is_open = 1');
      sql.exec(
        'UPDATE chunk SET is_open = 1, heard = 0, attempts = 1, round = round + 1, is_fresh = 1, failed = 0 WHERE failed > 0',
      );
      sql.exec(
        `UPDATE job SET status = 'in_progress', error = NULL, finalizing = NULL, ended = NULL, failed = 0, troubles = 0,
          open_chunks = (SELECT count(*) FROM chunk WHERE is_open = 1), paced_since = ?, paced_from = completed`,
        now,
      );
    },

    /** Chunks from `first` on, in order. */
    states(first: number, most: number): { number: number; is_open: number }[] {
      return sql
        .exec<{ number: number; is_open: number }>(
          'SELECT number, is_open FROM chunk WHERE number >= ? ORDER BY number LIMIT ?',
          ...[first, most],
        )
        .toArray();
    },
  };
}

export type JobStore = ReturnType<typeof createJobStore>;
