/**
 * The Durable Object: one for each collection or each of its shards, and one for each owner's list of them. It is thin:
 * what it stores and how is in the files beside it, and each method is one transaction, so that what was answered is
 * there after any end of the process, and what was not answered is there as a whole or not at all.
 *
 * It knows embeddings, not pictures and not HTTP. Failures are values, which survive RPC as they are.
 */
import { DurableObject } from 'cloudflare:workers';
import { fail, ok, type Result } from '../failure.ts';
import { EMBEDDING_SPACE } from '../inference/embedding-space.ts';
import { changed, factsOf, own, usable, withItems } from './access.ts';
import { countChange, createCollection, readCollection, share } from './collection-row.ts';
import { type CopyQuestion, type Original, originalsOf } from './copy-search.ts';
import {
  addedOf,
  type CopyQuestionPage,
  copyQuestions,
  type DuplicatesPage,
  type DuplicatesQuery,
  duplicatesOf,
} from './duplicates.ts';
import type { Facts } from './facts.ts';
import { type HeadImport, type ImportedHead, importHead } from './head-import.ts';
import {
  activate,
  dropVersion,
  forgetWhatIsGone,
  type HeadVersion,
  listVersions,
  versionBytes,
} from './head-versions.ts';
import type { Added, Change, Item, ItemPage, ListQuery, NewItem } from './item.ts';
import { type BitsBlock, writeBlocks } from './item-bits.ts';
import { type ExportPage, type ExportQuery, exportItems } from './item-export.ts';
import {
  type FoundItem,
  type ItemQuestion,
  itemAsQuestion,
  type SearchById,
  type SearchQuery,
  searchItems,
  searchLike,
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
import { dropResidentBits, type Holder, residentBits } from './resident-bits.ts';
import { noteShards, type ShardFacts } from './shard-counts.ts';
import { type LabelCount, type Status, type Summary, statusOf, summaryOf } from './status.ts';
import { trainedHead } from './trained-head.ts';

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

/** How a collection is to be made. */
export interface Making {
  /** Undefined for as it is, or not. */
  readonly shared?: boolean | undefined;
  /** In how many objects its items are to be; undefined for as it is, or its own alone. */
  readonly shards?: number | undefined;
  /** Of a shard, the epoch of its collection. */
  readonly epoch?: string;
}

export class Collection extends DurableObject<Env> {
  private readonly holder: Holder = { id: this.ctx.id.toString(), rewrites: 0 };

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

  /** Makes the collection, or leaves one that is there as it is. */
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

  /** Forgets everything. */
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

  /** Of a collection in shards: takes over what some of them have answered. @param epoch that of the shards. */
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

  // ── Its items

  /** @param budget as for `search`, because each item is looked for among the older ones. */
  add(
    owner: string,
    items: readonly NewItem[],
    quotas: Quotas,
    budget = 0,
  ): Result<Changed<Result<Added>[]>> {
    const done = this.change(owner, (sql) => {
      const outcomes = addItems(sql, items, quotas);
      writeBlocks(sql);
      return ok(outcomes);
    });
    if (!done.ok) return done;
    const { value, facts } = done.value;
    if (value.some((one) => one.ok && one.value === 'replaced')) this.holder.rewrites++;
    return ok({
      value: addedOf(this.ctx.storage.sql, () => this.blocks(facts, budget), items, value),
      facts,
    });
  }

  patch(owner: string, id: string, change: Change, quotas: Quotas): Result<Changed<Item>> {
    return this.change(owner, (sql) => changeItem(sql, id, change, quotas));
  }

  /** @returns how many items are gone. */
  remove(
    owner: string,
    which: { readonly id: string } | { readonly label: string },
  ): Result<Changed<number>> {
    this.holder.rewrites++;
    return this.change(owner, (sql) =>
      'id' in which ? removeItem(sql, which.id) : ok(removeLabelled(sql, which.label)),
    );
  }

  item(owner: string, id: string): Result<Item> {
    const row = withItems(own(this.ctx.storage.sql, owner));
    return row.ok ? itemOf(this.ctx.storage.sql, id) : row;
  }

  list(owner: string, query: ListQuery): Result<ItemPage> {
    const row = withItems(own(this.ctx.storage.sql, owner));
    return row.ok ? ok(listItems(this.ctx.storage.sql, query)) : row;
  }

  /** Labels in order, each with how many items have it. */
  labels(owner: string): Result<Changed<readonly LabelCount[]>> {
    const row = withItems(own(this.ctx.storage.sql, owner));
    return row.ok ? changed(this.ctx.storage.sql, owner, labelCounts(this.ctx.storage.sql)) : row;
  }

  /**
   * The items most like a picture or another item, which is not among them, the most alike first.
   *
   * @param budget bytes that the objects of an isolate may hold together for it.
   */
  search(caller: string, asked: SearchQuery | SearchById, budget: number): Result<Changed<FoundItem[]>> {
    const { sql } = this.ctx.storage;
    const row = withItems(usable(sql, caller));
    if (!row.ok) return row;
    // An id is its owner's alone to know.
    if ('id' in asked && row.value.owner !== caller) return fail({ code: 'item_unknown' });
    const blocks = this.blocks(row.value, budget);
    const found = 'id' in asked ? searchLike(sql, blocks, asked) : searchItems(sql, blocks, asked);
    return found === undefined
      ? fail({ code: 'item_unknown' })
      : ok({ value: found, facts: factsOf(row.value) });
  }

  /** Items that are copies of older ones. @param budget as for `search`. */
  duplicates(owner: string, query: DuplicatesQuery, budget: number): Result<Changed<DuplicatesPage>> {
    const { sql } = this.ctx.storage;
    const row = withItems(own(sql, owner));
    if (!row.ok) return row;
    const facts = factsOf(row.value);
    return ok({ value: duplicatesOf(sql, () => this.blocks(facts, budget), facts.items, query), facts });
  }

  /** Items of a part, whose originals may be in other shards. */
  copyQuestions(owner: string, query: DuplicatesQuery): Result<CopyQuestionPage> {
    const row = withItems(own(this.ctx.storage.sql, owner));
    return row.ok ? ok(copyQuestions(this.ctx.storage.sql, query)) : row;
  }

  /** The originals here of items of any shard. @param budget as for `search`. */
  originals(
    owner: string,
    questions: readonly CopyQuestion[],
    budget: number,
  ): Result<(Original | undefined)[]> {
    const { sql } = this.ctx.storage;
    const row = withItems(own(sql, owner));
    return row.ok ? ok(originalsOf(sql, this.blocks(row.value, budget), questions)) : row;
  }

  /** Items with all that is kept of them. */
  exportItems(owner: string, query: ExportQuery): Result<ExportPage> {
    const row = withItems(own(this.ctx.storage.sql, owner));
    return row.ok ? exportItems(this.ctx.storage.sql, row.value.embeddingSpace, query) : row;
  }

  /** What an item is searched for by in other shards. */
  question(owner: string, id: string): Result<ItemQuestion> {
    const row = withItems(own(this.ctx.storage.sql, owner));
    if (!row.ok) return row;
    const question = itemAsQuestion(this.ctx.storage.sql, id);
    return question === undefined ? fail({ code: 'item_unknown' }) : ok(question);
  }

  // ── What it has learnt

  /** The head to answer with: the version that was activated, or else that of the labelled items as they are. */
  head(caller: string): Result<ServedHead> {
    const row = withItems(usable(this.ctx.storage.sql, caller));
    if (!row.ok) return row;
    const { active } = row.value;
    return active === undefined ? this.train(caller) : this.version(caller, active);
  }

  /** A version that is kept. */
  version(caller: string, version: number): Result<ServedHead> {
    const row = withItems(usable(this.ctx.storage.sql, caller));
    if (!row.ok) return row;
    const bytes = versionBytes(this.ctx.storage.sql, version);
    return bytes.ok ? ok({ facts: factsOf(row.value), bytes: bytes.value }) : bytes;
  }

  versions(owner: string): Result<Changed<HeadVersion[]>> {
    const row = own(this.ctx.storage.sql, owner);
    return row.ok ? changed(this.ctx.storage.sql, owner, listVersions(this.ctx.storage.sql)) : row;
  }

  /** @param version undefined for the newest, whatever it is. */
  activate(owner: string, version: number | undefined): Result<Changed<HeadVersion[]>> {
    return this.change(owner, (sql) => counted(sql, activate(sql, version)));
  }

  forgetVersion(owner: string, version: number): Result<Changed<HeadVersion[]>> {
    return this.change(owner, (sql) => counted(sql, dropVersion(sql, version)));
  }

  /** Answers with a head from elsewhere. The same one again is no change. */
  importHead(owner: string, imported: ImportedHead): Result<Changed<HeadImport>> {
    return this.change(owner, (sql) => importHead(sql, imported));
  }

  /**
   * The head of the labelled items as they are. It is trained where there is none: an object has one thread and nothing
   * here waits, so other requests meanwhile find it ready.
   */
  train(caller: string): Result<ServedHead> {
    const row = withItems(usable(this.ctx.storage.sql, caller));
    if (!row.ok) return row;
    const head = trainedHead(this.ctx.storage, row.value);
    return head.ok ? ok({ facts: factsOf(row.value), bytes: head.value }) : head;
  }

  /** The bits of all items as they are, to be gone through at once. */
  private blocks({ version, items }: Pick<Facts, 'version' | 'items'>, budget: number): Iterable<BitsBlock> {
    return residentBits(this.ctx.storage.sql, { holder: this.holder, version, items, budget });
  }

  private change<T>(owner: string, work: (sql: SqlStorage) => Result<T>): Result<Changed<T>> {
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

/** The versions that are left. @param changes whether another one answers. */
function counted(sql: SqlStorage, changes: Result<boolean>): Result<HeadVersion[]> {
  if (!changes.ok) return changes;
  if (changes.value) countChange(sql, false);
  return ok(listVersions(sql));
}
