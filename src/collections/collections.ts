/** All operations on collections, as HTTP and RPC call them, with the caller. */
import { fail, ok, type Result } from '../failure.ts';
import { EMBEDDING_SPACE } from '../inference/embedding-space.ts';
import type { Settings } from '../settings.ts';
import type { Changed, Facts } from './facts.ts';
import { createHeadCache, type HeadCache } from './head-cache.ts';
import { createItems, type Items } from './items.ts';
import { forgetCollection, makeCollection } from './making.ts';
import type { Reference } from './names.ts';
import { type AskToChange, createObjects, type Namespace, type Objects } from './objects.ts';
import type { Quotas } from './quotas.ts';
import { createServing, type Serving } from './serving.ts';
import { labelsOfShards } from './sharded-items.ts';
import { createShards, shardSet } from './shards.ts';
import type { Status, Summary } from './status.ts';
import type { Making } from './stored-collection.ts';
import { createTransfer, type Transfer } from './transfer.ts';
import { createVersions, type Versions } from './versions.ts';

/** Callers are names of keys, `anonymous`, or `RPC_OWNER`. The right to teach has been checked before. */
export interface Collections extends Items, Transfer, Versions {
  /** Whether there is a store for them. */
  readonly enabled: boolean;
  readonly quotas: Quotas;
  /** Finds the head to answer with. */
  readonly open: Serving['open'];
  /** @param making undefined members do not change. */
  make(owner: string, name: string, making?: Making): Promise<Result<Changed<'created' | 'kept'>>>;
  list(owner: string): Promise<Result<readonly Summary[]>>;
  status(reference: Reference, caller: string): Promise<Result<Status>>;
  forget(reference: Reference, caller: string): Promise<Result<undefined>>;
  /** Whether items could be added: checked before pictures are read. */
  ready(reference: Reference, caller: string): Promise<Result<Facts>>;
  /** Trains now. */
  train(reference: Reference, caller: string): Promise<Result<Status>>;
}

/** @param namespace of the objects; undefined if this deployment has none. */
export function collectionsOf(settings: Settings, namespace?: Namespace): Collections {
  const objects = createObjects(namespace);
  const quotas = {
    collections: settings.MAX_COLLECTIONS,
    items: settings.MAX_COLLECTION_ITEMS,
    labels: settings.MAX_COLLECTION_LABELS,
    labelledItems: settings.MAX_LABELLED_ITEMS,
  };
  const items = createItems(createShards(objects), quotas, settings.SEARCH_MEMORY_BYTES);
  return createCollections({ objects, items, cache: createHeadCache(settings.CACHE_SECONDS), quotas });
}

interface Parts {
  readonly objects: Objects;
  readonly items: Items;
  readonly cache: HeadCache;
  readonly quotas: Quotas;
}

export function createCollections({ objects, items, cache, quotas }: Parts): Collections {
  const serving = createServing(objects, cache);

  /** After its own change, this isolate answers with the new state. */
  async function noted<T>(change: Promise<Result<Changed<T>>>): Promise<Result<Changed<T>>> {
    const done = await change;
    if (done.ok) serving.note(done.value.facts);
    return done;
  }

  const change: AskToChange = (reference, ask, again) => noted(objects.ofCollection(reference, ask, again));

  const status: Collections['status'] = async (reference, caller) => {
    const own = await objects.ofCollection(reference, (object) => object.status(caller));
    if (!own.ok || own.value.shards === 1) return own;
    const facts = await objects.ofCollection(reference, (object) => object.facts(caller));
    if (!facts.ok) return facts;
    const all = await labelsOfShards(shardSet(objects, facts.value));
    if (!all.ok) return all;
    const { version, items: count, labelled } = all.value.facts;
    return ok({ ...own.value, version, items: count, labelled, labels: all.value.value });
  };

  return {
    ...items,
    ...createTransfer(objects, change, quotas),
    ...createVersions(objects, change),
    enabled: objects.enabled,
    quotas,
    open: serving.open,
    status,
    async make(owner, name, making = {}) {
      const reserved = await objects.ofOwner(owner, (object) => object.reserve(name, quotas.collections));
      if (!reserved.ok) return reserved;
      return noted(makeCollection(objects, { owner, name }, making));
    },
    async list(owner) {
      const names = await objects.ofOwner(owner, async (object) => ok(await object.names()));
      if (!names.ok) return names;
      const all = await Promise.all(
        names.value.map((name) => objects.ofCollection({ owner, name }, (object) => object.summary(owner))),
      );
      const listed: Summary[] = [];
      for (const one of all) {
        // A process that ended between two writes leaves a name without a collection, which is not listed.
        if (one.ok) listed.push(one.value);
        else if (one.failure.code !== 'collection_unknown' && one.failure.code !== 'collection_newer')
          return one;
      }
      return ok(listed);
    },
    async forget(reference, caller) {
      const gone = await forgetCollection(objects, reference, caller);
      // Removes the name too, if only that was left.
      if (gone.ok || (gone.failure.code === 'collection_unknown' && reference.owner === caller)) {
        serving.forget(reference);
        const dropped = await objects.ofOwner(caller, async (object) =>
          ok(await object.drop(reference.name)),
        );
        if (!dropped.ok) return dropped;
      }
      return gone;
    },
    async ready(reference, caller) {
      const facts = await objects.ofCollection(reference, (object) => object.facts(caller));
      if (!facts.ok) return facts;
      if (reference.owner !== caller) return fail({ code: 'collection_unknown' });
      return facts.value.embeddingSpace === EMBEDDING_SPACE
        ? facts
        : fail({
            code: 'embedding_space_differs',
            given: EMBEDDING_SPACE,
            wanted: facts.value.embeddingSpace,
          });
    },
    add: (...given) => noted(items.add(...given)),
    patch: (...given) => noted(items.patch(...given)),
    remove: (...given) => noted(items.remove(...given)),
    async train(reference, caller) {
      const trained = await objects.ofCollection(reference, (object) => object.train(caller));
      if (!trained.ok) return trained;
      serving.note(trained.value.facts);
      return status(reference, caller);
    },
  };
}
