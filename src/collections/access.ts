/** Who may ask an object what, and what it says of its collection to those. */
import { fail, ok, type Result } from '../failure.ts';
import { type CollectionRow, readCollection } from './collection-row.ts';
import { type Facts, mayUse } from './facts.ts';

/** No caller can tell a collection that does not exist from one of another owner. */
export function usable(sql: SqlStorage, caller: string): Result<CollectionRow> {
  const row = readCollection(sql, caller);
  return row.ok && !mayUse(row.value, caller) ? fail({ code: 'collection_unknown' }) : row;
}

export function own(sql: SqlStorage, owner: string): Result<CollectionRow> {
  const row = readCollection(sql, owner);
  return row.ok && row.value.owner !== owner ? fail({ code: 'collection_unknown' }) : row;
}

/** Refuses what is asked of items where they are in other objects. */
export function withItems(row: Result<CollectionRow>): Result<CollectionRow> {
  return row.ok && row.value.shards > 1
    ? fail({ code: 'collection_sharded', shards: row.value.shards })
    : row;
}

/** For the caller that has changed it: the new state. */
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
