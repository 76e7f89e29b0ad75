/**
 * Accesses a collection's items, wherever they are: in its own object, or in shards. The collection's object says
 * which, and whether the caller may; shards are then called as the owner.
 */
import { fail, ok, type Result } from '../failure.ts';
import type { Changed, Facts } from './facts.ts';
import type { Reference } from './names.ts';
import type { Objects, Remote } from './objects.ts';
import { shardOf } from './shard-of.ts';

/** Collections that are known to have shards, so that their own object need not be asked each time. */
const MAX_KNOWN = 500;

type Ask<T> = (object: Remote, shard: number) => Promise<Result<T>>;

/** The shards of one collection, for a caller that may use it. */
export interface ShardSet {
  readonly facts: Facts;
  /** Number of all shards. */
  readonly numbers: readonly number[];
  /** The shard that an item is in, or would be. */
  of(id: string): number;
  /** @param again whether to retry if the first call was lost. */
  ask<T>(shard: number, ask: Ask<T>, again?: boolean): Promise<Result<T>>;
  /** Calls all in parallel. @returns their answers in order, or the first failure. */
  all<T>(ask: Ask<T>, again?: boolean): Promise<Result<T[]>>;
  /**
   * Changes some of them, and reports their new state to the collection, even if some have failed.
   *
   * @returns their answers, in order.
   */
  change<T>(shards: readonly number[], ask: Ask<Changed<T>>, again?: boolean): Promise<Result<Changed<T[]>>>;
}

/** An operation on items, in both forms. */
export interface Question<T> {
  readonly reference: Reference;
  readonly caller: string;
  /** Whether only the owner may call it. */
  readonly own: boolean;
  direct(object: Remote): Promise<Result<T>>;
  inShards(shards: ShardSet): Promise<Result<T>>;
  /** Whether `direct` may be retried. True by default. */
  readonly again?: boolean;
}

export interface Shards {
  ask<T>(question: Question<T>): Promise<Result<T>>;
}

export function createShards(objects: Objects): Shards {
  const known = new Set<string>();

  async function ask<T>(question: Question<T>): Promise<Result<T>> {
    const { reference, caller, own, direct, inShards, again } = question;
    const key = `${reference.owner}/${reference.name}`;
    if (!known.has(key)) {
      const answer = await objects.ofCollection(reference, direct, again);
      if (answer.ok || answer.failure.code !== 'collection_sharded') return answer;
      if (known.size >= MAX_KNOWN) known.clear();
      known.add(key);
    }
    const facts = await objects.ofCollection(reference, (object) => object.facts(caller));
    if (!facts.ok) return facts;
    if (own && facts.value.owner !== caller) return fail({ code: 'collection_unknown' });
    if (facts.value.shards > 1) return inShards(shardSet(objects, facts.value));
    // It was deleted, and made again without shards.
    known.delete(key);
    return objects.ofCollection(reference, direct, again);
  }

  return { ask };
}

export function shardSet(objects: Objects, facts: Facts): ShardSet {
  const { owner, name, epoch } = facts;
  const numbers = Array.from({ length: facts.shards }, (_, shard) => shard);

  const ask: ShardSet['ask'] = (shard, question, again) =>
    objects.ofShard({ owner, name, epoch, shard }, (object) => question(object, shard), again);

  const askEach = <T>(shards: readonly number[], question: Ask<T>, again?: boolean) =>
    Promise.all(shards.map((shard) => ask(shard, question, again)));

  return {
    facts,
    numbers,
    of: (id) => shardOf(id, facts.shards),
    ask,
    all: async (question, again) => allOf(await askEach(numbers, question, again)),
    async change(shards, question, again) {
      const answers = await askEach(shards, question, again);
      const news = answers.flatMap((answer, i) =>
        answer.ok ? [{ ...answer.value.facts, shard: shards[i] ?? 0 }] : [],
      );
      const after = await objects.ofCollection({ owner, name }, (object) => object.note(owner, epoch, news));
      const all = allOf(answers);
      if (!all.ok) return all;
      return after.ok ? ok({ value: all.value.map(({ value }) => value), facts: after.value }) : after;
    },
  };
}

function allOf<T>(results: readonly Result<T>[]): Result<T[]> {
  const values: T[] = [];
  for (const result of results) {
    if (!result.ok) return result;
    values.push(result.value);
  }
  return ok(values);
}
