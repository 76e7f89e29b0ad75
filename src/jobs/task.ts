/** The task that a job performs on each picture. */
import { classification, embeddingAnswer } from '../answer.ts';
import type { Seen } from '../classifier.ts';
import { collectionClassification, listedLabels } from '../collection-answer.ts';
import type { CollectionOptions } from '../collection-options.ts';
import type { Collections } from '../collections/collections.ts';
import { referenceOf } from '../collections/names.ts';
import { fail, ok, type Result } from '../failure.ts';
import { type Indexed, indexed } from './indexing.ts';
import { readTaskOptions, type TaskSpec } from './task-options.ts';

/** An answer, or an item that is still to be stored in a collection. */
export type Made = { readonly result: object } | { readonly item: Indexed };

/** @param bytes of the file. */
export type Make = (key: string, seen: Seen, bytes: Uint8Array) => Promise<Made>;

/** Host under which heads are cached if there is no request: no site can have it (RFC 6761). */
const ORIGIN = 'https://mobilenet-edge.invalid';

/**
 * @param owner the job's owner, whose collections are named without an owner.
 * @returns a function that performs the task, or why there is none: invalid options, or the collection.
 */
export async function makerOf(
  owner: string,
  spec: TaskSpec,
  collections: Collections,
): Promise<Result<Make>> {
  const read = readTaskOptions(spec);
  if (!read.ok) return read;
  const asked = read.value;
  switch (asked.of) {
    case 'network':
      return ok(async (_key, seen) => ({ result: classification(seen, asked.options) }));
    case 'collection':
      return byCollection(owner, asked.collection, asked.options, collections);
    case 'embedding':
      return ok(async (_key, seen) => ({ result: embeddingAnswer(seen, asked.options) }));
    case 'item':
      return ok(async (key, seen, bytes) => ({ item: await indexed(key, seen, bytes, asked.options) }));
  }
}

/** Labels of the collection as it is now. If it is taught meanwhile, the next chunk gets the newer labels. */
async function byCollection(
  owner: string,
  name: string,
  options: CollectionOptions,
  collections: Collections,
): Promise<Result<Make>> {
  const reference = referenceOf(name, owner);
  if (reference === undefined) return fail({ code: 'collection_unknown' });
  const version = options.collection_version;
  const served = await collections.open({ reference, caller: owner, origin: ORIGIN, version });
  if (!served.ok) return served;
  const listed = listedLabels(served.value.head.labels, options.labels);
  if (!listed.ok) return listed;
  const question = { served: served.value, caller: owner, name, options, listed: listed.value };
  return ok(async (_key, seen) => ({ result: collectionClassification(seen, question) }));
}
