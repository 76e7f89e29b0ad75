/** What HTTP and RPC call: everything that can be done with collections, by whom. */
import { fail, ok, type Result } from '../failure.ts';
import { EMBEDDING_SPACE } from '../inference/embedding-space.ts';
import type { Settings } from '../settings.ts';
import type { Changed } from './collection.ts';
import type { Facts } from './facts.ts';
import { createHeadCache, type HeadCache } from './head-cache.ts';
import type { Change, Item, ItemPage, ListQuery, NewItem, Outcome } from './item.ts';
import type { FoundItem, SearchById, SearchQuery } from './item-search.ts';
import type { Reference } from './names.ts';
import { createObjects, type Namespace, type Objects } from './objects.ts';
import type { Quotas } from './quotas.ts';
import { createServing, type Serving } from './serving.ts';
import type { Status, Summary } from './status.ts';

/** Callers are names of keys, `anonymous`, or `RPC_OWNER`. Whether one may teach has been asked before. */
export interface Collections {
  /** Whether there is somewhere to store them. */
  readonly enabled: boolean;
  readonly quotas: Quotas;
  /** Finds the head to answer with. */
  readonly open: Serving['open'];
  make(owner: string, name: string, shared?: boolean): Promise<Result<Changed<'created' | 'kept'>>>;
  list(owner: string): Promise<Result<readonly Summary[]>>;
  status(reference: Reference, caller: string): Promise<Result<Status>>;
  forget(reference: Reference, caller: string): Promise<Result<undefined>>;
  add(
    reference: Reference,
    caller: string,
    items: readonly NewItem[],
  ): Promise<Result<Changed<Result<Outcome>[]>>>;
  /** Whether items could be added: asked before pictures are read for it. */
  ready(reference: Reference, caller: string): Promise<Result<Facts>>;
  items(reference: Reference, caller: string, query: ListQuery): Promise<Result<ItemPage>>;
  item(reference: Reference, caller: string, id: string): Promise<Result<Item>>;
  patch(reference: Reference, caller: string, id: string, change: Change): Promise<Result<Changed<Item>>>;
  remove(
    reference: Reference,
    caller: string,
    which: { readonly id: string } | { readonly label: string },
  ): Promise<Result<Changed<number>>>;
  /** The items most like a picture, an embedding or an item. */
  search(
    reference: Reference,
    caller: string,
    query: SearchQuery | SearchById,
  ): Promise<Result<Changed<FoundItem[]>>>;
  /** Trains now. */
  train(reference: Reference, caller: string): Promise<Result<Status>>;
}

/** @param namespace of the objects; undefined where this deployment has none. */
export function collectionsOf(settings: Settings, namespace?: Namespace): Collections {
  return createCollections(createObjects(namespace), createHeadCache(settings.CACHE_SECONDS), {
    collections: settings.MAX_COLLECTIONS,
    items: settings.MAX_COLLECTION_ITEMS,
    labels: settings.MAX_COLLECTION_LABELS,
    labelledItems: settings.MAX_LABELLED_ITEMS,
  });
}

export function createCollections(objects: Objects, cache: HeadCache, quotas: Quotas): Collections {
  const serving = createServing(objects, cache);

  /** A change, after which this isolate answers with what it has come to. */
  async function changed<T>(
    reference: Reference,
    ask: Parameters<typeof objects.ofCollection<Changed<T>>>[1],
    again = true,
  ): Promise<Result<Changed<T>>> {
    const done = await objects.ofCollection(reference, ask, again);
    if (done.ok) serving.note(done.value.facts);
    return done;
  }

  const status: Collections['status'] = (reference, caller) =>
    objects.ofCollection(reference, (object) => object.status(caller));

  return {
    enabled: objects.enabled,
    quotas,
    open: serving.open,
    status,
    async make(owner, name, shared) {
      const reserved = await objects.ofOwner(owner, (object) => object.reserve(name, quotas.collections));
      if (!reserved.ok) return reserved;
      const reference = { owner, name };
      return changed(reference, (object) => object.create(reference, shared));
    },
    async list(owner) {
      const names = await objects.ofOwner(owner, async (object) => ok(await object.names()));
      if (!names.ok) return names;
      const all = await Promise.all(
        names.value.map((name) => objects.ofCollection({ owner, name }, (object) => object.summary(owner))),
      );
      const listed: Summary[] = [];
      for (const one of all) {
        // A process that ended between two writes leaves a name without a collection: there is none to list.
        if (one.ok) listed.push(one.value);
        else if (one.failure.code !== 'collection_unknown' && one.failure.code !== 'collection_newer')
          return one;
      }
      return ok(listed);
    },
    async forget(reference, caller) {
      const gone = await objects.ofCollection(reference, (object) => object.forget(caller), false);
      // The name goes too where only it was left.
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
    add: (reference, caller, items) => changed(reference, (object) => object.add(caller, items, quotas)),
    items: (reference, caller, query) =>
      objects.ofCollection(reference, (object) => object.list(caller, query)),
    item: (reference, caller, id) => objects.ofCollection(reference, (object) => object.item(caller, id)),
    patch: (reference, caller, id, change) =>
      changed(reference, (object) => object.patch(caller, id, change, quotas)),
    // Done twice, the second time would find nothing to remove.
    remove: (reference, caller, which) => changed(reference, (object) => object.remove(caller, which), false),
    search: (reference, caller, query) =>
      objects.ofCollection(reference, (object) => object.search(caller, query)),
    async train(reference, caller) {
      const trained = await objects.ofCollection(reference, (object) => object.head(caller));
      if (!trained.ok) return trained;
      serving.note(trained.value.facts);
      return status(reference, caller);
    },
  };
}
