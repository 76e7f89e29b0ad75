/**
 * Which jobs there are, whose each is, and where their results go: one object for the whole deployment.
 *
 * What it keeps does not grow with pictures. It is asked once for a thousand of them.
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
  /** Where the next page begins. */
  readonly next?: number;
}

/** Each job's listing compares every key with every prefix. */
export const MAX_OUTPUT_PREFIXES = 1000;

export class JobDirectory extends DurableObject<Env> {
  readonly #sql: SqlStorage;

  constructor(context: DurableObjectState, env: Env) {
    super(context, env);
    this.#sql = context.storage.sql;
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS entry (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL);
      CREATE INDEX IF NOT EXISTS entry_of_owner ON entry (owner, number);
      CREATE TABLE IF NOT EXISTS output (prefix TEXT PRIMARY KEY)`);
  }

  /** Before the job begins, so that none is unknown. @returns false where there are too many prefixes. */
  enter({ id, owner, output }: DirectoryEntry): boolean {
    const isKnown = this.outputs().some((prefix) => output.startsWith(prefix));
    if (!isKnown && this.outputs().length >= MAX_OUTPUT_PREFIXES) return false;
    this.#sql.exec('INSERT INTO entry (id, owner) VALUES (?, ?)', id, owner);
    if (!isKnown) this.#sql.exec('INSERT INTO output (prefix) VALUES (?)', output);
    return true;
  }

  /** A job that did not begin. Its prefix stays: nobody knows whether something was written. */
  remove(id: string): void {
    this.#sql.exec('DELETE FROM entry WHERE id = ?', id);
  }

  /** The newest first. @param before as an earlier page's `next`. */
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
