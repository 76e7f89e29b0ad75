/**
 * Records all jobs, their owners, and where their results go: one object for the whole deployment.
 *
 * Its size does not depend on the number of pictures. It is called once for a thousand of them.
 */
import { DurableObject } from 'cloudflare:workers';

export interface DirectoryEntry {
  readonly id: string;
  readonly owner: string;
  /** Prefix of the results. */
  readonly output: string;
}

export interface DirectoryPage {
  readonly ids: readonly string[];
  /** Cursor of the next page. */
  readonly next?: number;
}

/** Limits prefixes, because each job's listing compares every key with every prefix. */
export const MAX_OUTPUT_PREFIXES = 1000;

/** Reasons to refuse a job. */
export type NotEntered = 'too_many_prefixes' | 'too_many_open';

/** A job that was entered this long ago and has no object was never started. */
const START_MILLISECONDS = 60_000;

export class JobDirectory extends DurableObject<Env> {
  readonly #sql: SqlStorage;

  constructor(context: DurableObjectState, env: Env) {
    super(context, env);
    this.#sql = context.storage.sql;
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS entry (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL);
      CREATE INDEX IF NOT EXISTS entry_of_owner ON entry (owner, number);
      CREATE TABLE IF NOT EXISTS output (prefix TEXT PRIMARY KEY);
      CREATE TABLE IF NOT EXISTS open_job (id TEXT PRIMARY KEY, owner TEXT NOT NULL, since INTEGER NOT NULL);
      CREATE INDEX IF NOT EXISTS open_job_of_owner ON open_job (owner)`);
  }

  /**
   * Called before the job starts, so that none is unknown. @param maxOpen most jobs of the owner that have not ended.
   */
  enter({ id, owner, output }: DirectoryEntry, maxOpen: number): NotEntered | undefined {
    const isKnown = this.outputs().some((prefix) => output.startsWith(prefix));
    if (!isKnown && this.outputs().length >= MAX_OUTPUT_PREFIXES) return 'too_many_prefixes';
    if (!this.open(id, owner, maxOpen)) return 'too_many_open';
    this.#sql.exec('INSERT INTO entry (id, owner) VALUES (?, ?)', id, owner);
    if (!isKnown) this.#sql.exec('INSERT INTO output (prefix) VALUES (?)', output);
    return undefined;
  }

  /** Counts a job as not ended. @returns false if there would be too many. */
  open(id: string, owner: string, maxOpen: number): boolean {
    const others = this.#sql
      .exec<{ count: number }>(
        'SELECT count(*) AS count FROM open_job WHERE owner = ? AND id <> ?',
        owner,
        id,
      )
      .one().count;
    if (others >= maxOpen) return false;
    this.#sql.exec(
      'INSERT OR REPLACE INTO open_job (id, owner, since) VALUES (?, ?, ?)',
      id,
      owner,
      Date.now(),
    );
    return true;
  }

  /** Jobs of an owner that count as open. They do not report their end, so they are asked. */
  counted(owner: string): string[] {
    return this.#sql
      .exec<{ id: string }>('SELECT id FROM open_job WHERE owner = ?', owner)
      .toArray()
      .map(({ id }) => id);
  }

  /** Jobs that have ended. @param unknown jobs that were not started, although some may be about to. */
  close(ended: readonly string[], unknown: readonly string[]): void {
    for (const id of ended) this.#sql.exec('DELETE FROM open_job WHERE id = ?', id);
    const since = Date.now() - START_MILLISECONDS;
    for (const id of unknown) this.#sql.exec('DELETE FROM open_job WHERE id = ? AND since < ?', id, since);
  }

  /** A job that did not start. Its prefix stays, because something may have been written. */
  remove(id: string): void {
    this.#sql.exec('DELETE FROM entry WHERE id = ?', id);
    this.#sql.exec('DELETE FROM open_job WHERE id = ?', id);
  }

  /** The newest first. @param before `next` of an earlier page. */
  list(owner: string, limit: number, before = Number.MAX_SAFE_INTEGER): DirectoryPage {
    const rows = this.#sql
      .exec<{ number: number; id: string }>(
        'SELECT number, id FROM entry WHERE owner = ? AND number < ? ORDER BY number DESC LIMIT ?',
        ...[owner, before, limit + 1],
      )
      .toArray();
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      ids: page.map(({ id }) => id),
      ...(rows.length > limit && last !== undefined ? { next: last.number } : {}),
    };
  }

  /** Prefixes of results: no key that begins with one is ever a picture. */
  outputs(): string[] {
    return this.#sql
      .exec<{ prefix: string }>('SELECT prefix FROM output')
      .toArray()
      .map(({ prefix }) => prefix);
  }
}
