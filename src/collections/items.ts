/** Operations on the items of a collection, each in both forms: in its own object, and in shards. */
import { ok, type Result } from '../failure.ts';
import type { DuplicatesPage, DuplicatesQuery } from './duplicates.ts';
import type { Changed } from './facts.ts';
import type { Added, Change, Item, ItemPage, ListQuery, NewItem } from './item.ts';
import type { FoundItem, SearchById, SearchQuery } from './item-search.ts';
import type { Reference } from './names.ts';
import type { Quotas } from './quotas.ts';
import { duplicatesInShards, withOriginals } from './sharded-copies.ts';
import { addToShards, listShards, searchShards, shardQuotas } from './sharded-items.ts';
import type { ShardSet, Shards } from './shards.ts';

/** Which items to remove: the one with an id, or all with a label. */
export type Removed = { readonly id: string } | { readonly label: string };

export interface Items {
  add(
    reference: Reference,
    caller: string,
    items: readonly NewItem[],
  ): Promise<Result<Changed<Result<Added>[]>>>;
  items(reference: Reference, caller: string, query: ListQuery): Promise<Result<ItemPage>>;
  item(reference: Reference, caller: string, id: string): Promise<Result<Item>>;
  patch(reference: Reference, caller: string, id: string, change: Change): Promise<Result<Changed<Item>>>;
  remove(reference: Reference, caller: string, which: Removed): Promise<Result<Changed<number>>>;
  /** The items most similar to a picture, an embedding or an item. */
  search(
    reference: Reference,
    caller: string,
    query: SearchQuery | SearchById,
  ): Promise<Result<Changed<FoundItem[]>>>;
  /** Items that are copies of older ones, page by page. */
  duplicates(
    reference: Reference,
    caller: string,
    query: DuplicatesQuery,
  ): Promise<Result<Changed<DuplicatesPage>>>;
}

/** @param searchBytes what an isolate may hold for search. */
export function createItems(shards: Shards, quotas: Quotas, searchBytes: number): Items {
  return {
    add: (reference, caller, items) =>
      shards.ask({
        ...{ reference, caller, own: true },
        direct: (object) => object.add(caller, items, quotas, searchBytes),
        inShards: async (all) => {
          const added = await addToShards(all, items, quotas, searchBytes);
          return added.ok ? withOriginals(all, items, added.value, searchBytes) : added;
        },
      }),
    items: (reference, caller, query) =>
      shards.ask({
        ...{ reference, caller, own: true },
        direct: (object) => object.list(caller, query),
        inShards: (all) => listShards(all, query),
      }),
    item: (reference, caller, id) =>
      shards.ask({
        ...{ reference, caller, own: true },
        direct: (object) => object.item(caller, id),
        inShards: (all) => all.ask(all.of(id), (object) => object.item(caller, id)),
      }),
    patch: (reference, caller, id, change) =>
      shards.ask({
        ...{ reference, caller, own: true },
        direct: (object) => object.patch(caller, id, change, quotas),
        inShards: (all) =>
          one(all, id, (object) => object.patch(caller, id, change, shardQuotas(quotas)), true),
      }),
    // A second call would find nothing to remove.
    remove: (reference, caller, which) =>
      shards.ask({
        ...{ reference, caller, own: true, again: false },
        direct: (object) => object.remove(caller, which),
        inShards: async (all) => {
          if ('id' in which) return one(all, which.id, (object) => object.remove(caller, which), false);
          const gone = await all.change(all.numbers, (object) => object.remove(caller, which), false);
          return gone.ok
            ? ok({ ...gone.value, value: gone.value.value.reduce((sum, count) => sum + count, 0) })
            : gone;
        },
      }),
    search: (reference, caller, query) =>
      shards.ask({
        ...{ reference, caller, own: false },
        direct: (object) => object.search(caller, query, searchBytes),
        inShards: (all) => searchShards(all, caller, query, searchBytes),
      }),
    duplicates: (reference, caller, query) =>
      shards.ask({
        ...{ reference, caller, own: true },
        direct: (object) => object.duplicates(caller, query, searchBytes),
        inShards: (all) => duplicatesInShards(all, query, searchBytes),
      }),
  };
}

/** Changes the item with an id in its shard. */
async function one<T>(
  shards: ShardSet,
  id: string,
  ask: Parameters<typeof shards.change<T>>[1],
  again: boolean,
): Promise<Result<Changed<T>>> {
  const done = await shards.change([shards.of(id)], ask, again);
  if (!done.ok) return done;
  const [value] = done.value.value as [T];
  return ok({ value, facts: done.value.facts });
}
