/** Creates and deletes the objects of a collection: its own, and its shards. */
import { fail, ok, type Result } from '../failure.ts';
import type { Changed, Facts } from './facts.ts';
import type { Reference } from './names.ts';
import type { Objects } from './objects.ts';
import { shardSet } from './shards.ts';
import type { Making } from './stored-collection.ts';

/**
 * Creates a collection with its shards, or those that are missing. A second call completes what was left undone.
 */
export async function makeCollection(
  objects: Objects,
  reference: Reference,
  making: Making,
): Promise<Result<Changed<'created' | 'kept'>>> {
  const made = await objects.ofCollection(reference, (object) => object.create(reference, making));
  if (!made.ok || made.value.facts.shards === 1) return made;
  const { facts } = made.value;
  const { epoch } = facts;
  const all = await shardSet(objects, facts).all((object) => object.create(reference, { epoch }));
  if (!all.ok) return all;
  // A concurrent deletion has not seen all of these.
  const after = await objects.ofCollection(reference, (object) => object.facts(reference.owner));
  if (after.ok && after.value.epoch === epoch) return made;
  const gone = await forgetShards(objects, facts);
  if (!gone.ok) return gone;
  return after.ok ? fail({ code: 'collection_unknown' }) : after;
}

/**
 * Deletes a collection, its shards first: as long as a shard exists, so does the collection, and it can be deleted
 * again.
 */
export async function forgetCollection(
  objects: Objects,
  reference: Reference,
  caller: string,
): Promise<Result<undefined>> {
  const facts = await objects.ofCollection(reference, (object) => object.facts(caller));
  if (facts.ok && facts.value.shards > 1 && reference.owner === caller) {
    const gone = await forgetShards(objects, facts.value);
    if (!gone.ok) return gone;
  }
  return objects.ofCollection(reference, (object) => object.forget(caller), false);
}

async function forgetShards(objects: Objects, facts: Facts): Promise<Result<undefined>> {
  const gone = await shardSet(objects, facts).all(async (object) => {
    const one = await object.forget(facts.owner);
    return !one.ok && one.failure.code === 'collection_unknown' ? ok(undefined) : one;
  });
  return gone.ok ? ok(undefined) : gone;
}
