/**
 * The Durable Object: one for each collection, and one for each owner's list of them. It is thin: what it stores and
 * how is in the files beside it, and each method is one transaction, so that what was answered is there after any end
 * of the process, and what was not answered is there as a whole or not at all.
 *
 * It knows embeddings, not pictures and not HTTP. Failures are values, which survive RPC as they are.
 */
import { DurableObject } from 'cloudflare:workers';
import { fail, ok, type Result } from '../failure.ts';
import { EMBEDDING_SPACE } from '../inference/embedding-space.ts';
import { type CollectionRow, createCollection, readCollection, share } from './collection-row.ts';
import { type Facts, mayUse } from './facts.ts';
import { decodeHead, encodeHead } from './head-bytes.ts';
import { reportOf } from './head-report.ts';
import { headVersion, readExamples, readHead, removeHeads, writeHead } from './head-store.ts';
import type { Examples } from './head-training.ts';
import { trainHead } from './head-training.ts';
import type { Change, Item, ItemPage, ListQuery, NewItem, Outcome } from './item.ts';
import {
  type FoundItem,
  type ItemBits,
  itemAsQuestion,
  readBits,
  type SearchById,
  type SearchQuery,
  searchItems,
} from './item-search.ts';
import {
  addItems,
  changeItem,
  itemOf,
  labelCounts,
  listItems,
  removeItem,
  removeLabelled,
} from './item-store.ts';
import type { Reference } from './names.ts';
import { dropName, listNames, reserveName } from './owner-list.ts';
import type { Quotas } from './quotas.ts';
import type { Status, Summary } from './status.ts';

/** What a change came to, and the collection after it. */
export interface Changed<T> {
  readonly value: T;
  readonly facts: Facts;
}

/** A head with the collection that it is of. */
export interface ServedHead {
  readonly facts: Facts;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export class Collection extends DurableObject<Env> {
  /** Of all items as they are, once something was searched for: 128 bytes each. */
  private bits: ItemBits | undefined;

  // ── The list of an owner's collections

  reserve(name: string, limit: number): Result<undefined> {
    return this.ctx.storage.transactionSync(() => reserveName(this.ctx.storage.sql, name, limit));
  }

  names(): readonly string[] {
    return listNames(this.ctx.storage.sql);
  }

  drop(name: string): void {
    dropName(this.ctx.storage.sql, name);
  }

  // ── A collection

  /** Makes the collection, or leaves one that is there as it is. @param shared undefined for as it is, or not. */
  create({ owner, name }: Reference, shared: boolean | undefined): Result<Changed<'created' | 'kept'>> {
    const { sql } = this.ctx.storage;
    return this.ctx.storage.transactionSync(() => {
      const before = readCollection(sql, owner);
      if (!before.ok && before.failure.code !== 'collection_unknown') return before;
      if (!before.ok) createCollection(sql, { owner, name, embeddingSpace: EMBEDDING_SPACE });
      if (shared !== undefined) share(sql, shared);
      const after = readCollection(sql, owner);
      return after.ok ? ok({ value: before.ok ? 'kept' : 'created', facts: factsOf(after.value) }) : after;
    });
  }

  /** Forgets everything. */
  async forget(owner: string): Promise<Result<undefined>> {
    const own = this.own(owner);
    if (!own.ok) return own;
    this.bits = undefined;
    await this.ctx.storage.deleteAll();
    return ok(undefined);
  }

  facts(caller: string): Result<Facts> {
    const row = this.usable(caller);
    return row.ok ? ok(factsOf(row.value)) : row;
  }

  summary(caller: string): Result<Summary> {
    const row = this.usable(caller);
    return row.ok ? ok(summaryOf(row.value, headVersion(this.ctx.storage.sql))) : row;
  }

  status(caller: string): Result<Status> {
    const row = this.usable(caller);
    if (!row.ok) return row;
    const { sql } = this.ctx.storage;
    const trained = headVersion(sql);
    const bytes = trained === undefined ? undefined : readHead(sql, trained);
    const head = bytes && decodeHead(bytes.buffer);
    return ok({
      ...summaryOf(row.value, head && trained),
      labels: labelCounts(sql),
      ...(head && trained !== undefined ? { report: { ...reportOf(head), trained } } : {}),
    });
  }

  add(owner: string, items: readonly NewItem[], quotas: Quotas): Result<Changed<Result<Outcome>[]>> {
    const done = this.change(owner, (sql) => ok(addItems(sql, items, quotas)));
    // Those that were added stand behind the others; one that was replaced has other bits where it was.
    if (!done.ok || done.value.value.some((one) => one.ok && one.value === 'replaced')) this.bits = undefined;
    return done;
  }

  /** The items most like a picture or another item, which is not among them, the most alike first. */
  search(caller: string, asked: SearchQuery | SearchById): Result<Changed<FoundItem[]>> {
    const row = this.usable(caller);
    if (!row.ok) return row;
    const { sql } = this.ctx.storage;
    this.bits = readBits(sql, this.bits);
    const facts = factsOf(row.value);
    if (!('id' in asked)) return ok({ value: searchItems(sql, this.bits, asked), facts });
    // An id is its owner's alone to know.
    const question = row.value.owner === caller ? itemAsQuestion(sql, asked.id) : undefined;
    if (question === undefined) return fail({ code: 'item_unknown' });
    const found = searchItems(sql, this.bits, { ...asked, ...question, limit: asked.limit + 1 });
    const others = found.filter(({ id }) => id !== asked.id);
    return ok({ value: others.slice(0, asked.limit), facts });
  }

  patch(owner: string, id: string, change: Change, quotas: Quotas): Result<Changed<Item>> {
    return this.change(owner, (sql) => changeItem(sql, id, change, quotas));
  }

  /** @returns how many items are gone. */
  remove(
    owner: string,
    which: { readonly id: string } | { readonly label: string },
  ): Result<Changed<number>> {
    this.bits = undefined;
    return this.change(owner, (sql) =>
      'id' in which ? removeItem(sql, which.id) : ok(removeLabelled(sql, which.label)),
    );
  }

  item(owner: string, id: string): Result<Item> {
    const own = this.own(owner);
    return own.ok ? itemOf(this.ctx.storage.sql, id) : own;
  }

  list(owner: string, query: ListQuery): Result<ItemPage> {
    const own = this.own(owner);
    return own.ok ? ok(listItems(this.ctx.storage.sql, query)) : own;
  }

  /**
   * The head of the labelled items as they are. It is trained where there is none: an object has one thread and nothing
   * here waits, so whoever else asks meanwhile finds it ready.
   */
  head(caller: string): Result<ServedHead> {
    const row = this.usable(caller);
    if (!row.ok) return row;
    const { sql } = this.ctx.storage;
    const { labelled, taught } = row.value;
    if (labelled === 0) return fail({ code: 'collection_untaught' });
    const known = readHead(sql, taught);
    // What another version of the code has written may be no head to this one.
    if (known !== undefined && decodeHead(known.buffer) !== undefined)
      return ok({ facts: factsOf(row.value), bytes: known });
    const bytes = encodeHead(trainHead(this.examples(labelled)));
    this.ctx.storage.transactionSync(() => writeHead(sql, taught, bytes));
    return ok({ facts: factsOf(row.value), bytes });
  }

  private examples(count: number): Examples {
    return readExamples(this.ctx.storage.sql, count);
  }

  private change<T>(owner: string, work: (sql: SqlStorage) => Result<T>): Result<Changed<T>> {
    return this.ctx.storage.transactionSync((): Result<Changed<T>> => {
      const own = this.own(owner);
      if (!own.ok) return own;
      const value = work(this.ctx.storage.sql);
      if (!value.ok) return value;
      const after = readCollection(this.ctx.storage.sql, owner);
      // A head has the ids of its examples, and of these none is left.
      if (after.ok && after.value.labelled === 0) removeHeads(this.ctx.storage.sql);
      return after.ok ? ok({ value: value.value, facts: factsOf(after.value) }) : after;
    });
  }

  /** What is not there and what is somebody else's are told apart by nobody. */
  private usable(caller: string): Result<CollectionRow> {
    const row = readCollection(this.ctx.storage.sql, caller);
    return row.ok && !mayUse(row.value, caller) ? fail({ code: 'collection_unknown' }) : row;
  }

  private own(owner: string): Result<CollectionRow> {
    const row = readCollection(this.ctx.storage.sql, owner);
    return row.ok && row.value.owner !== owner ? fail({ code: 'collection_unknown' }) : row;
  }
}

function summaryOf(
  { owner, name, shared, version, taught, labelled, items, created, embeddingSpace }: CollectionRow,
  trained: number | undefined,
): Summary {
  return {
    ...{ owner, name, shared, version, embeddingSpace, created, items, labelled },
    state: labelled === 0 ? 'empty' : trained === taught ? 'ready' : 'stale',
  };
}

function factsOf({
  owner,
  name,
  shared,
  epoch,
  version,
  taught,
  labelled,
  embeddingSpace,
}: CollectionRow): Facts {
  return { owner, name, shared, epoch, version, taught, labelled, embeddingSpace };
}
