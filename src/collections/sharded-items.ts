/** Operations on items in shards: each shard does its part, and the results are merged. */
import { fail, ok, type Result } from '../failure.ts';
import type { Changed } from './facts.ts';
import type { Added, ItemPage, ListQuery, NewItem } from './item.ts';
import {
  candidatesFor,
  type FoundItem,
  type SearchById,
  type SearchQuery,
  withoutItem,
} from './item-search.ts';
import type { Quotas } from './quotas.ts';
import type { ShardSet } from './shards.ts';
import type { LabelCount } from './status.ts';

/** Positions in lists: shards follow each other, each with this range of positions. */
export const SHARD_POSITIONS = 2 ** 40;

/** Labels are not trained on here, so any number of items may have one. */
export function shardQuotas(quotas: Quotas): Quotas {
  return { ...quotas, labelledItems: quotas.items };
}

/**
 * Adds each item to its shard. If a shard fails, the whole call does, and what the others have added stays: added
 * again, it is unchanged.
 */
export async function addToShards(
  shards: ShardSet,
  items: readonly NewItem[],
  quotas: Quotas,
  budget: number,
): Promise<Result<Changed<Result<Added>[]>>> {
  const parts = Map.groupBy(items.keys(), (at) => shards.of(items[at]?.id ?? ''));
  const numbers = [...parts.keys()];
  const added = await shards.change(numbers, (object, shard) =>
    object.add(
      shards.facts.owner,
      // Only all shards together can tell whether they are copies.
      (parts.get(shard) ?? []).flatMap((at) => (items[at] ? { ...items[at], copies: false } : [])),
      shardQuotas(quotas),
      budget,
    ),
  );
  if (!added.ok) return added;
  const outcomes = items.map((): Result<Added> => fail({ code: 'internal' }));
  for (const [i, part] of added.value.value.entries()) {
    const places = parts.get(numbers[i] ?? 0) ?? [];
    for (const [j, outcome] of part.entries()) outcomes[places[j] ?? 0] = ofShard(outcome);
  }
  return ok({ value: outcomes, facts: added.value.facts });
}

/** A quota of items applies to each shard. */
function ofShard<T>(outcome: Result<T>): Result<T> {
  return !outcome.ok && outcome.failure.code === 'quota_reached' && outcome.failure.of === 'items'
    ? fail({ ...outcome.failure, of: 'shard_items' })
    : outcome;
}

/** Shard by shard, each in the order in which its items were added. */
export async function listShards(shards: ShardSet, query: ListQuery): Promise<Result<ItemPage>> {
  const items: ItemPage['items'][number][] = [];
  let position = query.after % SHARD_POSITIONS;
  for (let shard = Math.floor(query.after / SHARD_POSITIONS); shard < shards.facts.shards; shard++) {
    const limit = query.limit - items.length;
    if (limit === 0) return ok({ items, after: shard * SHARD_POSITIONS });
    const after = position;
    const page = await shards.ask(shard, (object) =>
      object.list(shards.facts.owner, { ...query, after, limit }),
    );
    if (!page.ok) return page;
    items.push(...page.value.items);
    if (page.value.after !== undefined)
      return ok({ items, after: shard * SHARD_POSITIONS + page.value.after });
    position = 0;
  }
  return ok({ items });
}

export async function searchShards(
  shards: ShardSet,
  caller: string,
  asked: SearchQuery | SearchById,
  budget: number,
): Promise<Result<Changed<FoundItem[]>>> {
  const query = await questionOf(shards, caller, asked);
  if (!query.ok) return query;
  const { owner, shards: count } = shards.facts;
  const most = candidatesFor(query.value.limit);
  // A shard has its share of the nearest, give or take chance; four times the share always suffices.
  const candidates = Math.min(most, Math.ceil((4 * most) / count));
  const found = await shards.all((object) => object.search(owner, { ...query.value, candidates }, budget));
  if (!found.ok) return found;
  const all = found.value
    .flatMap(({ value }) => value)
    .toSorted((one, other) => other.similarity - one.similarity);
  const others = 'id' in asked ? withoutItem(all, asked.id) : all;
  return ok({ value: others.slice(0, asked.limit), facts: shards.facts });
}

/** An item's own shard knows its vector; one more match is requested, because the item itself will be found. */
async function questionOf(
  shards: ShardSet,
  caller: string,
  asked: SearchQuery | SearchById,
): Promise<Result<SearchQuery>> {
  if (!('id' in asked)) return ok(asked);
  const { owner } = shards.facts;
  // Ids are for the owner only.
  if (owner !== caller) return fail({ code: 'item_unknown' });
  const { id, ...options } = asked;
  const question = await shards.ask(shards.of(id), (object) => object.question(owner, id));
  return question.ok ? ok({ ...options, ...question.value, limit: asked.limit + 1 }) : question;
}

/** Labels of all shards, each once; also updates the counts of the collection. */
export async function labelsOfShards(shards: ShardSet): Promise<Result<Changed<readonly LabelCount[]>>> {
  const { owner } = shards.facts;
  const all = await shards.change(shards.numbers, (object) => object.labels(owner));
  if (!all.ok) return all;
  const counts = new Map<string, number>();
  for (const { label, items } of all.value.value.flat()) counts.set(label, (counts.get(label) ?? 0) + items);
  const labels = [...counts]
    .map(([label, items]) => ({ label, items }))
    .toSorted((one, other) => (one.label < other.label ? -1 : 1));
  return ok({ value: labels, facts: all.value.facts });
}
