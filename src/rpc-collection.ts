/** Collections over RPC: the same as over HTTP, for Workers that bind this one, all of them one owner. */
import { RpcTarget } from 'cloudflare:workers';
import type {
  CollectionOptions,
  EmbeddingItem,
  Rpc,
  RpcCollection,
  RpcImage,
  RpcResult,
  TeachOptions,
} from '../client/rpc.ts';
import type { Seen } from './classifier.ts';
import { collectionClassification, listedLabels } from './collection-answer.ts';
import {
  changeSchema,
  collectionOptionsSchema,
  listQuerySchema,
  teachOptionsSchema,
} from './collection-options.ts';
import {
  type AddedItem,
  itemAnswer,
  pageAnswer,
  positionOf,
  statusAnswer,
  summaryAnswer,
} from './collection-status.ts';
import type { Collections } from './collections/collections.ts';
import type { NewItem } from './collections/item.ts';
import { COLLECTION_NAME, type Reference, RPC_OWNER, referenceOf } from './collections/names.ts';
import { fail, ok, type Result } from './failure.ts';
import { readOptions } from './given-options.ts';
import { embeddingOf } from './input/items.ts';
import { checkFields } from './input/json.ts';
import { answered } from './rpc-call.ts';
import type { Settings } from './settings.ts';
import { addedItems, itemOfEmbedding, itemOfPicture } from './teaching.ts';

/** A picture that was looked at, with its file: the hash of it is an item's id. */
export interface SeenFile extends Seen {
  readonly bytes: Uint8Array;
}

type See = (image: RpcImage) => Promise<Result<SeenFile>>;

/** A call has no host of its own, and this one can be nobody's (RFC 6761). */
const ORIGIN = 'https://mobilenet-edge.invalid';

export function createRpcCollections(
  settings: Settings,
  collections: Collections,
  see: See,
): Pick<Rpc, 'collections' | 'collection'> {
  return {
    collections: () =>
      answered(async () => {
        const all = await collections.list(RPC_OWNER);
        return all.ok ? ok(all.value.map((summary) => summaryAnswer(summary, RPC_OWNER))) : all;
      }),
    collection: (name) => new CollectionStub(String(name), { settings, collections, see }),
  };
}

interface Parts {
  readonly settings: Settings;
  readonly collections: Collections;
  readonly see: See;
}

class CollectionStub extends RpcTarget implements RpcCollection {
  readonly #name: string;
  readonly #parts: Parts;

  constructor(name: string, parts: Parts) {
    super();
    this.#name = name;
    this.#parts = parts;
  }

  make(options?: { readonly shared?: boolean }) {
    return answered(async () => {
      const shared = options?.shared;
      if (!COLLECTION_NAME.test(this.#name))
        return fail({
          code: 'field_invalid',
          field: 'name',
          reason: 'must be 1 to 63 characters of a–z, 0–9 and "-"',
        });
      if (shared !== undefined && typeof shared !== 'boolean')
        return fail({ code: 'field_invalid', field: 'shared', reason: 'must be true or false' });
      const made = await this.#parts.collections.make(RPC_OWNER, this.#name, { shared });
      return made.ok ? this.#status() : made;
    });
  }

  status() {
    return answered(() => this.#status());
  }

  delete(): Promise<RpcResult<null>> {
    return this.#own(async (reference) => {
      const gone = await this.#parts.collections.forget(reference, RPC_OWNER);
      return gone.ok ? ok(null) : gone;
    });
  }

  add(
    images: RpcImage | readonly RpcImage[],
    given?: TeachOptions,
  ): Promise<RpcResult<RpcResult<AddedItem>[]>> {
    const list: readonly RpcImage[] = Array.isArray(images) ? images : [images];
    return this.#added(list, given, async (image, options) => {
      const seen = await this.#parts.see(image);
      return seen.ok ? ok(await itemOfPicture(seen.value, seen.value.bytes, options)) : seen;
    });
  }

  addEmbeddings(items: readonly EmbeddingItem[]): Promise<RpcResult<RpcResult<AddedItem>[]>> {
    return this.#added(items, {}, async (item) => {
      const options = readOptions(teachOptionsSchema, Object.entries(item ?? {}));
      if (!options.ok) return options;
      const source = embeddingOf(item.embedding, item.embedding_space, 'embedding');
      return source.ok ? itemOfEmbedding(source.value.embedding, source.value.space, options.value) : source;
    });
  }

  items(query?: { readonly label?: string; readonly cursor?: string; readonly limit?: number }) {
    return this.#own(async (reference) => {
      const options = readOptions(listQuerySchema, Object.entries(query ?? {}));
      if (!options.ok) return options;
      const { label, limit, cursor } = options.value;
      const after = positionOf(cursor);
      if (after === undefined)
        return fail({
          code: 'option_invalid',
          option: 'cursor',
          reason: '"next_cursor" of an answer before',
        });
      const page = await this.#parts.collections.items(reference, RPC_OWNER, {
        after,
        limit,
        ...(label === undefined ? {} : { label }),
      });
      return page.ok ? ok(pageAnswer(page.value)) : page;
    });
  }

  item(id: string) {
    return this.#own(async (reference) => {
      const item = await this.#parts.collections.item(reference, RPC_OWNER, String(id));
      return item.ok ? ok(itemAnswer(item.value)) : item;
    });
  }

  change(
    id: string,
    change: { readonly label?: string | null; readonly metadata?: Readonly<Record<string, unknown>> | null },
  ) {
    return this.#own(async (reference) => {
      const given = checkFields(changeSchema, change);
      if (!given.ok) return given;
      const { label, metadata } = given.value;
      const changed = await this.#parts.collections.patch(reference, RPC_OWNER, String(id), {
        ...(label === undefined ? {} : { label }),
        ...(metadata === undefined ? {} : { metadata: metadata && JSON.stringify(metadata) }),
      });
      if (!changed.ok) return changed;
      const { value, facts } = changed.value;
      return ok({ ...itemAnswer(value), collection: { name: this.#name, version: facts.version } });
    });
  }

  remove(which: { readonly id: string } | { readonly label: string }) {
    return this.#own(async (reference) => {
      if (!isOneOf(which))
        return fail({ code: 'field_invalid', field: '', reason: 'must be {"id": …} or {"label": …}' });
      const gone = await this.#parts.collections.remove(reference, RPC_OWNER, which);
      if (!gone.ok) return gone;
      const { value, facts } = gone.value;
      return ok({ removed: value, collection: { name: this.#name, version: facts.version } });
    });
  }

  train() {
    return this.#own(async (reference) => {
      const trained = await this.#parts.collections.train(reference, RPC_OWNER);
      return trained.ok ? ok(statusAnswer(trained.value, RPC_OWNER)) : trained;
    });
  }

  classify(image: RpcImage, given?: CollectionOptions) {
    return answered(async () => {
      const options = readOptions(collectionOptionsSchema, Object.entries(given ?? {}));
      if (!options.ok) return options;
      const reference = referenceOf(this.#name, RPC_OWNER);
      if (reference === undefined) return fail({ code: 'collection_unknown' });
      const { collection_version: version, labels } = options.value;
      const asked = { reference, caller: RPC_OWNER, origin: ORIGIN, version };
      const served = await this.#parts.collections.open(asked);
      if (!served.ok) return served;
      const listed = listedLabels(served.value.head.labels, labels);
      if (!listed.ok) return listed;
      const seen = await this.#parts.see(image);
      if (!seen.ok) return seen;
      const question = { served: served.value, caller: RPC_OWNER, name: this.#name, options: options.value };
      return ok(collectionClassification(seen.value, { ...question, listed: listed.value }));
    });
  }

  async #status() {
    const reference = referenceOf(this.#name, RPC_OWNER);
    if (reference === undefined) return fail({ code: 'collection_unknown' });
    const status = await this.#parts.collections.status(reference, RPC_OWNER);
    return status.ok ? ok(statusAnswer(status.value, RPC_OWNER)) : status;
  }

  /** For what only its owner may do. */
  #own<T>(work: (reference: Reference) => Promise<Result<T>>): Promise<RpcResult<T>> {
    return answered(async () => {
      const reference = referenceOf(this.#name, RPC_OWNER);
      return reference?.owner === RPC_OWNER ? work(reference) : fail({ code: 'collection_unknown' });
    });
  }

  /** Everything is looked at first, and kept at once. */
  #added<T>(
    list: readonly T[],
    given: TeachOptions | undefined,
    itemOf: (one: T, options: ReturnType<typeof teachOptionsSchema.parse>) => Promise<Result<NewItem>>,
  ): Promise<RpcResult<RpcResult<AddedItem>[]>> {
    const { collections, settings } = this.#parts;
    return this.#own(async (reference) => {
      const options = readOptions(teachOptionsSchema, Object.entries(given ?? {}));
      if (!options.ok) return options;
      if (list.length === 0) return fail({ code: 'batch_empty' });
      if (list.length > settings.MAX_BATCH_ITEMS)
        return fail({ code: 'batch_too_many_items', limitItems: settings.MAX_BATCH_ITEMS });
      if (options.value.id !== undefined && list.length > 1)
        return fail({ code: 'option_invalid', option: 'id', reason: 'of one picture' });
      const ready = await collections.ready(reference, RPC_OWNER);
      if (!ready.ok) return ready;
      const made: Result<NewItem>[] = [];
      for (const one of list) made.push(await itemOf(one, options.value));
      const items = made.flatMap((one) => (one.ok ? [one.value] : []));
      const changed = await collections.add(reference, RPC_OWNER, items);
      if (!changed.ok) return changed;
      const { value, facts } = changed.value;
      const results: RpcResult<AddedItem>[] = [];
      for (const added of addedItems(made, value, facts.version))
        results.push(await answered(async () => added));
      return ok(results);
    });
  }
}

function isOneOf(which: unknown): which is { readonly id: string } | { readonly label: string } {
  if (typeof which !== 'object' || which === null) return false;
  return (
    ('id' in which && typeof which.id === 'string') || ('label' in which && typeof which.label === 'string')
  );
}
