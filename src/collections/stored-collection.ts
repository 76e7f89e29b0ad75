/** A collection in the database of its object: its description and its changes. */
import { DurableObject } from 'cloudflare:workers';
import { fail, ok, type Result } from '../failure.ts';
import { EMBEDDING_SPACE } from '../inference/embedding-space.ts';
import { changed, factsOf, own, usable, withItems } from './access.ts';
import { createCollection, readCollection, share } from './collection-row.ts';
import type { Changed, Facts } from './facts.ts';
import { forgetWhatIsGone } from './head-versions.ts';
import type { Reference } from './names.ts';
import { dropResidentBits, type Holder } from './resident-bits.ts';
import { noteShards, type ShardFacts } from './shard-counts.ts';
import { type Status, type Summary, statusOf, summaryOf } from './status.ts';

/** Options for making a collection. */
export interface Making {
  /** Undefined leaves it unchanged, or off. */
  readonly shared?: boolean | undefined;
  /** Number of its objects; undefined leaves it unchanged, or 1. */
  readonly shards?: number | undefined;
  /** In a shard, the epoch of its collection. */
  readonly epoch?: string;
}

export class StoredCollection extends DurableObject<Env> {
  protected readonly holder: Holder = { id: this.ctx.id.toString(), rewrites: 0 };

  /** Makes the collection, or leaves an existing one as it is. */
  create({ owner, name }: Reference, making: Making): Result<Changed<'created' | 'kept'>> {
    const { sql } = this.ctx.storage;
    const { shared, shards, epoch } = making;
    return this.ctx.storage.transactionSync((): Result<Changed<'created' | 'kept'>> => {
      const before = readCollection(sql, owner);
      if (!before.ok && before.failure.code !== 'collection_unknown') return before;
      if (before.ok && shards !== undefined && shards !== before.value.shards)
        return fail({ code: 'shards_fixed', shards: before.value.shards });
      if (!before.ok)
        createCollection(sql, {
          ...{ owner, name, embeddingSpace: EMBEDDING_SPACE, shards: shards ?? 1 },
          ...(epoch === undefined ? {} : { epoch }),
        });
      if (shared !== undefined) share(sql, shared);
      return changed(sql, owner, before.ok ? 'kept' : 'created');
    });
  }

  /** Deletes everything. */
  async forget(owner: string): Promise<Result<undefined>> {
    const row = own(this.ctx.storage.sql, owner);
    if (!row.ok) return row;
    dropResidentBits(this.holder);
    await this.ctx.storage.deleteAll();
    return ok(undefined);
  }

  facts(caller: string): Result<Facts> {
    const row = usable(this.ctx.storage.sql, caller);
    return row.ok ? ok(factsOf(row.value)) : row;
  }

  summary(caller: string): Result<Summary> {
    const row = usable(this.ctx.storage.sql, caller);
    return row.ok ? ok(summaryOf(this.ctx.storage.sql, row.value)) : row;
  }

  status(caller: string): Result<Status> {
    const row = usable(this.ctx.storage.sql, caller);
    return row.ok ? ok(statusOf(this.ctx.storage.sql, row.value)) : row;
  }

  /** In a collection with shards, stores reports of some of them. @param epoch that of the shards. */
  note(owner: string, epoch: string, shards: readonly ShardFacts[]): Result<Facts> {
    const { sql } = this.ctx.storage;
    return this.ctx.storage.transactionSync((): Result<Facts> => {
      const row = own(sql, owner);
      if (!row.ok) return row;
      if (row.value.epoch !== epoch) return fail({ code: 'collection_unknown' });
      noteShards(sql, shards);
      const after = own(sql, owner);
      return after.ok ? ok(factsOf(after.value)) : after;
    });
  }

  /** Changes items or heads, counted as one change. */
  protected change<T>(owner: string, work: (sql: SqlStorage) => Result<T>): Result<Changed<T>> {
    const { sql } = this.ctx.storage;
    return this.ctx.storage.transactionSync((): Result<Changed<T>> => {
      const row = withItems(own(sql, owner));
      if (!row.ok) return row;
      const value = work(sql);
      if (!value.ok) return value;
      const after = readCollection(sql, owner);
      if (!after.ok) return after;
      forgetWhatIsGone(sql, row.value, after.value);
      return changed(sql, owner, value.value);
    });
  }
}
