/** Copies in a collection with shards: each item is looked for in all of them in parallel. */
import { ok, type Result } from '../failure.ts';
import { type CopyQuestion, isOlder, type Original } from './copy-search.ts';
import { type DuplicatesPage, type DuplicatesQuery, pageOf, partOf } from './duplicates.ts';
import type { Changed } from './facts.ts';
import type { Added, NewItem } from './item.ts';
import { SHARD_POSITIONS } from './sharded-items.ts';
import type { ShardSet } from './shards.ts';

/** The original of each item that requests it. @param budget as for a search. */
export async function withOriginals(
  shards: ShardSet,
  items: readonly NewItem[],
  { value: added, facts }: Changed<Result<Added>[]>,
  budget: number,
): Promise<Result<Changed<Result<Added>[]>>> {
  const asked = items.flatMap((item, index) => {
    const one = added[index];
    if (!one?.ok || item.copies === false) return [];
    const { id, vector, fingerprint } = item;
    const age = { id, added: one.value.added };
    return [{ index, question: { age, vector, ...(fingerprint === undefined ? {} : { fingerprint }) } }];
  });
  const originals = await originalsInShards(
    shards,
    asked.map(({ question }) => question),
    budget,
  );
  if (!originals.ok) return originals;
  const value = [...added];
  for (const [i, { index }] of asked.entries()) {
    const [one, copyOf] = [value[index], originals.value[i]];
    if (one?.ok && copyOf !== undefined) value[index] = ok({ ...one.value, copyOf });
  }
  return ok({ value, facts });
}

/** Shard by shard, one page of a shard at a time. @param budget as for a search. */
export async function duplicatesInShards(
  shards: ShardSet,
  { after, limit }: DuplicatesQuery,
  budget: number,
): Promise<Result<Changed<DuplicatesPage>>> {
  const { facts } = shards;
  const shard = Math.floor(after / SHARD_POSITIONS);
  if (shard >= facts.shards) return ok({ value: { duplicates: [] }, facts });
  const part = await shards.ask(shard, (object) =>
    object.copyQuestions(facts.owner, {
      after: after % SHARD_POSITIONS,
      limit: partOf(facts.items / facts.shards),
    }),
  );
  if (!part.ok) return part;
  const originals = await originalsInShards(shards, part.value.questions, budget);
  if (!originals.ok) return originals;
  const page = pageOf(part.value, originals.value, limit);
  const next = nextOf(shard, page.after, facts.shards);
  return ok({
    value: { duplicates: page.duplicates, ...(next === undefined ? {} : { after: next }) },
    facts,
  });
}

/** @param after position in the shard; undefined at its end. */
function nextOf(shard: number, after: number | undefined, shards: number): number | undefined {
  if (after !== undefined) return shard * SHARD_POSITIONS + after;
  return shard + 1 < shards ? (shard + 1) * SHARD_POSITIONS : undefined;
}

async function originalsInShards(
  shards: ShardSet,
  questions: readonly CopyQuestion[],
  budget: number,
): Promise<Result<readonly (Original | undefined)[]>> {
  if (questions.length === 0) return ok([]);
  // Positions in one object mean nothing in another.
  const elsewhere = questions.map(({ age, vector, fingerprint }) => ({
    age: { added: age.added, id: age.id },
    vector,
    ...(fingerprint === undefined ? {} : { fingerprint }),
  }));
  const found = await shards.all((object) => object.originals(shards.facts.owner, elsewhere, budget));
  if (!found.ok) return found;
  return ok(questions.map((_, index) => oldestOf(found.value.map((ofShard) => ofShard[index]))));
}

function oldestOf(originals: readonly (Original | undefined)[]): Original | undefined {
  let oldest: Original | undefined;
  for (const one of originals) if (one && (oldest === undefined || isOlder(one, oldest))) oldest = one;
  return oldest;
}
