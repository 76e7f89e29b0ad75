/** A collection over HTTP: adding pictures, and classifying by their labels. */
import type { Outcome } from './answered.ts';
import { type BatchItem, batched, type Pictures } from './batch.ts';
import type {
  AddedItem,
  AddedItems,
  AddedLine,
  ChangedItem,
  CollectionClassification,
  CollectionStatus,
  Duplicates,
  Item,
  ItemList,
  Matches,
  RemovedItems,
} from './collection-answers.ts';
import type { Limits } from './facts.ts';
import { type Picture, pictureRequest, sendable } from './picture.ts';
import type { CallOptions, Send } from './request.ts';
import type {
  CollectionOptions,
  DuplicatesQuery,
  EmbeddingItem,
  MakeOptions,
  SearchFor,
  SearchOptions,
  TeachOptions,
} from './rpc.ts';
import { type ClientTransfer, clientTransfer } from './transfer.ts';

/** Every method throws a ProblemError if the service refuses, and whatever fetch throws if it is not reached. */
export interface ClientCollection extends ClientTransfer {
  /** Makes it, or changes whether it is shared. */
  make(options?: MakeOptions, call?: CallOptions): Promise<CollectionStatus>;
  /** Its contents, how often it is right, and what it confuses. */
  status(call?: CallOptions): Promise<CollectionStatus>;
  /** Trains now; otherwise the next classification does. */
  train(call?: CallOptions): Promise<CollectionStatus>;
  /** Deletes it for good. */
  delete(call?: CallOptions): Promise<void>;
  /**
   * Adds pictures; reads no more than a few requests' worth at once.
   *
   * @returns the outcome for each, in order. A picture that cannot be read fails alone.
   */
  add(
    pictures: Picture | Pictures,
    options?: TeachOptions,
    call?: CallOptions,
  ): Promise<readonly BatchItem<AddedItem>[]>;
  /**
   * Adds embeddings of pictures, as `embed` returns them, at most as many at once as `/v1/limits` allows in a batch.
   */
  addEmbeddings(
    items: readonly EmbeddingItem[],
    call?: CallOptions,
  ): Promise<readonly BatchItem<AddedItem>[]>;
  /** What is in a picture, by the labels of the collection. */
  classify(
    picture: Picture,
    options?: CollectionOptions,
    call?: CallOptions,
  ): Promise<CollectionClassification>;
  /** The same for many pictures, as `client.batch`. */
  batch(
    pictures: Pictures,
    options?: CollectionOptions,
    call?: CallOptions,
  ): AsyncIterable<BatchItem<CollectionClassification>>;
  /** The items most similar to a picture, an embedding or another item, which is not among them. */
  search(what: Picture | SearchFor, options?: SearchOptions, call?: CallOptions): Promise<Matches>;
  /** Items that are copies of older ones, page by page, until there is no `next_cursor`. */
  duplicates(query?: DuplicatesQuery, call?: CallOptions): Promise<Duplicates>;
  /** A page of the items, in the order in which they were added. */
  items(
    query?: { readonly label?: string; readonly cursor?: string; readonly limit?: number },
    call?: CallOptions,
  ): Promise<ItemList>;
  item(id: string, call?: CallOptions): Promise<Item>;
  /** Null removes a value. */
  change(
    id: string,
    change: { readonly label?: string | null; readonly metadata?: Readonly<Record<string, unknown>> | null },
    call?: CallOptions,
  ): Promise<ChangedItem>;
  remove(
    which: { readonly id: string } | { readonly label: string },
    call?: CallOptions,
  ): Promise<RemovedItems>;
}

export function clientCollection(
  name: string,
  { send, concurrency }: { readonly send: Send; readonly concurrency: number },
): ClientCollection {
  const path = `v1/collections/${encodeURIComponent(name)}`;
  const limits = (call: CallOptions) => ask<Limits>('v1/limits', {}, call);

  function ask<T>(to: string, init: RequestInit, call: CallOptions): Promise<T> {
    return send<T>(to, init, call, (response) => response.json());
  }

  return {
    ...clientTransfer(path, send),
    make: (options = {}, call = {}) => ask(path, json('PUT', options), call),
    status: (call = {}) => ask(path, {}, call),
    train: (call = {}) => ask(`${path}/train`, { method: 'POST' }, call),
    delete: (call = {}) => send(path, { method: 'DELETE' }, call, async () => undefined),

    async add(pictures, options = {}, call = {}) {
      const outcomes = batched<AddedItem>({
        pictures: isOne(pictures) ? [pictures] : pictures,
        limits: () => limits(call),
        concurrency,
        send,
        routes: { one: `${path}/items`, many: `${path}/items` },
        list: 'items',
        outcomeOf: (answer) => outcomeOf((answer as AddedItems).results[0]),
        options,
        call,
      });
      return numbered(outcomes);
    },

    async addEmbeddings(items, call = {}) {
      const body = json('POST', { items: items.map(inNumbers) });
      const { results } = await ask<AddedItems>(`${path}/items`, body, call);
      return results.map((line) => ({ ...outcomeOf(line), index: line.index }));
    },

    async classify(picture, options = {}, call = {}) {
      const asked = pictureRequest('v1/classify', await sendable(picture), { ...options, collection: name });
      return ask(asked.path, asked.init, call);
    },

    async *batch(pictures, options = {}, call = {}) {
      const outcomes = batched<CollectionClassification>({
        pictures,
        limits: () => limits(call),
        concurrency,
        send,
        routes: { one: 'v1/classify', many: 'v1/batch' },
        options: { ...options, collection: name },
        call,
      });
      let index = 0;
      for await (const outcome of outcomes) yield { ...outcome, index: index++ };
    },

    async search(what, options = {}, call = {}) {
      const { path: to, init } = isSearchFor(what)
        ? { path: `${path}/search`, init: json('POST', { ...options, ...searchFor(what) }) }
        : pictureRequest(`${path}/search`, await sendable(what), options);
      return ask(to, init, call);
    },

    duplicates: (query = {}, call = {}) => ask(`${path}/duplicates?${parameters({ ...query })}`, {}, call),
    items: (query = {}, call = {}) => ask(`${path}/items?${parameters(query)}`, {}, call),
    item: (id, call = {}) => ask(`${path}/items/${encodeURIComponent(id)}`, {}, call),
    change: (id, change, call = {}) =>
      ask(`${path}/items/${encodeURIComponent(id)}`, json('PATCH', change), call),
    remove: (which, call = {}) =>
      ask(
        'id' in which
          ? `${path}/items/${encodeURIComponent(which.id)}`
          : `${path}/items?${parameters({ label: which.label })}`,
        { method: 'DELETE' },
        call,
      ),
  };
}

/** A list or a source of pictures; bytes are iterable too, but are one picture. */
function isOne(pictures: Picture | Pictures): pictures is Picture {
  return (
    typeof pictures === 'string' ||
    ArrayBuffer.isView(pictures) ||
    pictures instanceof ReadableStream ||
    !(Symbol.iterator in pictures || Symbol.asyncIterator in pictures)
  );
}

function outcomeOf(line: AddedLine | undefined): Outcome<AddedItem> {
  if (line === undefined) throw new TypeError('The service answered without a result.');
  return 'result' in line ? { ok: true, result: line.result } : { ok: false, problem: line.error };
}

async function numbered(outcomes: AsyncIterable<Outcome<AddedItem>>): Promise<BatchItem<AddedItem>[]> {
  const items: BatchItem<AddedItem>[] = [];
  for await (const outcome of outcomes) items.push({ ...outcome, index: items.length });
  return items;
}

function isSearchFor(what: Picture | SearchFor): what is SearchFor {
  return typeof what === 'object' && ('id' in what || 'embedding' in what);
}

function searchFor(what: SearchFor) {
  return 'embedding' in what ? inNumbers(what) : { id: what.id };
}

function inNumbers<T extends Pick<EmbeddingItem, 'embedding'>>({ embedding, ...said }: T) {
  return { ...said, embedding: [...embedding] };
}

function json(method: string, body: object): RequestInit {
  return { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

function parameters(values: Readonly<Record<string, string | number | undefined>>): URLSearchParams {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]) => [name, `${value}`]));
}
