/** The one row that describes a collection. */
import { fail, ok, type Result } from '../failure.ts';
import type { Facts } from './facts.ts';
import { activeVersion } from './head-versions.ts';
import { createTables, hasTables, SCHEMA, upgradeTables } from './schema.ts';

interface Row extends Record<string, SqlStorageValue> {
  readonly schema: number;
  readonly owner: string;
  readonly name: string;
  readonly shared: number;
  readonly space: string;
  readonly epoch: string;
  readonly created: number;
  readonly version: number;
  readonly taught: number;
  readonly items: number;
  readonly labelled: number;
  readonly shards: number;
}

/** The facts, and what only its owner sees. */
export interface CollectionRow extends Facts {
  readonly created: number;
}

export interface NewCollection {
  readonly owner: string;
  readonly name: string;
  readonly embeddingSpace: string;
  readonly shards: number;
  /** In a shard, the epoch of the collection. */
  readonly epoch?: string;
}

/**
 * @returns `collection_unknown` if it was not created, `collection_newer` if a newer schema has written its tables,
 *   which only its owner is told.
 */
export function readCollection(sql: SqlStorage, caller: string): Result<CollectionRow> {
  if (!hasTables(sql)) return fail({ code: 'collection_unknown' });
  // Selected alone, because a newer schema may lack the rest. All schemas will have these two.
  const { schema, owner } = sql
    .exec<{ schema: number; owner: string }>('SELECT schema, owner FROM collection')
    .one();
  if (schema < SCHEMA) upgradeTables(sql, schema);
  if (schema > SCHEMA) return fail({ code: owner === caller ? 'collection_newer' : 'collection_unknown' });
  const { shared, space, ...row } = sql.exec<Row>('SELECT * FROM collection').one();
  const active = activeVersion(sql);
  return ok({
    ...row,
    shared: shared === 1,
    embeddingSpace: space,
    ...(active === undefined ? {} : { active }),
  });
}

export function createCollection(sql: SqlStorage, made: NewCollection): void {
  createTables(sql);
  const { owner, name, embeddingSpace, shards, epoch = crypto.randomUUID() } = made;
  sql.exec(
    `INSERT INTO collection
       (one, schema, owner, name, shared, space, epoch, created, version, taught, items, labelled, shards)
     VALUES (1, ?, ?, ?, 0, ?, ?, ?, 1, 0, 0, 0, ?)`,
    SCHEMA,
    owner,
    name,
    embeddingSpace,
    epoch,
    Date.now(),
    shards,
  );
}

/** Sharing does not affect answers, so it does not change the version. */
export function share(sql: SqlStorage, shared: boolean): void {
  sql.exec('UPDATE collection SET shared = ?', shared ? 1 : 0);
}

/** Counts a change. @param taught whether items with a label have changed. */
export function countChange(sql: SqlStorage, taught: boolean): void {
  sql.exec(`UPDATE collection SET version = version + 1${taught ? ', taught = version + 1' : ''}`);
}
