/** Who may call what on an object, and what it reveals about its collection. */
import { fail, ok, type Result } from '../failure.ts';
import { type CollectionRow, readCollection } from './collection-row.ts';
import { type Facts, mayUse } from './facts.ts';

/** No caller can distinguish a collection that does not exist from another owner's. */
export function usable(sql: SqlStorage, caller: string): Result<CollectionRow> {
  const row = readCollection(sql, caller);
  return row.ok && !mayUse(row.value, caller) ? fail({ code: 'collection_unknown' }) : row;
}

export function own(sql: SqlStorage, owner: string): Result<CollectionRow> {
  const row = readCollection(sql, owner);
  return row.ok && row.value.owner !== owner ? fail({ code: 'collection_unknown' }) : row;
}

/** Refuses operations on items that are in other objects. */
export function withItems(row: Result<CollectionRow>): Result<CollectionRow> {
  return row.ok && row.value.shards > 1
    ? fail({ code: 'collection_sharded', shards: row.value.shards })
    : row;
}

/** The new state, for the caller that has changed it. */
export function changed<T>(sql: SqlStorage, owner: string, value: T): Result<{ value: T; facts: Facts }> {
  const after = readCollection(sql, owner);
  return after.ok ? ok({ value, facts: factsOf(after.value) }) : after;
}

export function factsOf(row: CollectionRow): Facts {
  const { owner, name, shared, epoch, version, taught, items, labelled, embeddingSpace, shards, active } =
    row;
  return {
    ...{ owner, name, shared, epoch, version, taught, items, labelled, embeddingSpace, shards },
    ...(active === undefined ? {} : { active }),
  };
}
