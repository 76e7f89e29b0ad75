/** The items of a collection, or of one of its shards: change, list and search. */
import { fail, ok, type Result } from '../failure.ts';
import { changed, factsOf, own, usable, withItems } from './access.ts';
import { type CopyQuestion, type Original, originalsOf } from './copy-search.ts';
import {
  addedOf,
  type CopyQuestionPage,
  copyQuestions,
  type DuplicatesPage,
  type DuplicatesQuery,
  duplicatesOf,
} from './duplicates.ts';
import type { Changed, Facts } from './facts.ts';
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
import type { Quotas } from './quotas.ts';
import { residentBits } from './resident-bits.ts';
import type { LabelCount } from './status.ts';
import { StoredCollection } from './stored-collection.ts';

export class ItemObject extends StoredCollection {
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

  /** @returns how many items were removed. */
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

  /** Labels in order, each with its number of items. */
  labels(owner: string): Result<Changed<readonly LabelCount[]>> {
    const row = withItems(own(this.ctx.storage.sql, owner));
    return row.ok ? changed(this.ctx.storage.sql, owner, labelCounts(this.ctx.storage.sql)) : row;
  }

  /**
   * The items most similar to a picture or another item, which is not among them, the most similar first.
   *
   * @param budget bytes that the objects of an isolate may hold together for search.
   */
  search(caller: string, asked: SearchQuery | SearchById, budget: number): Result<Changed<FoundItem[]>> {
    const { sql } = this.ctx.storage;
    const row = withItems(usable(sql, caller));
    if (!row.ok) return row;
    // Ids are for the owner only.
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

  /** Items of a page, whose originals may be in other shards. */
  copyQuestions(owner: string, query: DuplicatesQuery): Result<CopyQuestionPage> {
    const row = withItems(own(this.ctx.storage.sql, owner));
    return row.ok ? ok(copyQuestions(this.ctx.storage.sql, query)) : row;
  }

  /** The originals in this object of items of any shard. @param budget as for `search`. */
  originals(
    owner: string,
    questions: readonly CopyQuestion[],
    budget: number,
  ): Result<(Original | undefined)[]> {
    const { sql } = this.ctx.storage;
    const row = withItems(own(sql, owner));
    return row.ok ? ok(originalsOf(sql, this.blocks(row.value, budget), questions)) : row;
  }

  /** Items with everything that is stored of them. */
  exportItems(owner: string, query: ExportQuery): Result<ExportPage> {
    const row = withItems(own(this.ctx.storage.sql, owner));
    return row.ok ? exportItems(this.ctx.storage.sql, row.value.embeddingSpace, query) : row;
  }

  /** What other shards need to search for an item. */
  question(owner: string, id: string): Result<ItemQuestion> {
    const row = withItems(own(this.ctx.storage.sql, owner));
    if (!row.ok) return row;
    const question = itemAsQuestion(this.ctx.storage.sql, id);
    return question === undefined ? fail({ code: 'item_unknown' }) : ok(question);
  }

  /** The bits of all present items, for immediate use. */
  private blocks({ version, items }: Pick<Facts, 'version' | 'items'>, budget: number): Iterable<BitsBlock> {
    return residentBits(this.ctx.storage.sql, { holder: this.holder, version, items, budget });
  }
}
