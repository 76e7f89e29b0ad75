/**
 * The Worker's methods over a service binding: no HTTP, no key. Failures are returned as values to switch on, because
 * error classes do not survive RPC.
 *
 * @example
 * import type { Rpc } from 'mobilenet-edge/rpc';
 *
 * interface Env {
 *   readonly CLASSIFIER: Rpc & Pick<Fetcher, 'fetch'>;
 * }
 */
import type { Classification, Embedding, ProblemCode } from './answers.ts';
import type {
  AddedItem,
  ChangedItem,
  CollectionClassification,
  CollectionStatus,
  CollectionSummary,
  Duplicates,
  Item,
  ItemList,
  Matches,
  RemovedItems,
} from './collection-answers.ts';
import type { ClassifyOptions, EmbedOptions } from './options.ts';
import type {
  ExportedHead,
  ExportedItem,
  ImportedHead,
  ImportedItems,
  ImportItem,
  PortableHead,
  Versions,
} from './transfer-answers.ts';

/** A picture as a caller has it. Of a Request or Response, the body is used. */
export type RpcImage = ArrayBuffer | Uint8Array | ReadableStream<Uint8Array> | Request | Response;

export interface RpcError {
  readonly code: ProblemCode;
  /** For people: what was wrong, what the limit is and what to do. */
  readonly detail: string;
  /** The status that the same failure has over HTTP. */
  readonly status: number;
}

export type RpcResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: RpcError };

/** Options for added pictures. */
export interface TeachOptions {
  readonly label?: string;
  /** The SHA-256 of the file by default. Only for one picture. */
  readonly id?: string;
  /** At most 4 KiB of JSON. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Whether to report in `copy_of` which older item it is a copy of: true by default. */
  readonly copies?: boolean;
}

/** An embedding to add: 1024 numbers, as `embed` returns them. */
export interface EmbeddingItem extends TeachOptions {
  readonly embedding: readonly number[] | Float32Array;
  readonly embedding_space?: string;
}

/** Options of a classification by a collection. */
export interface CollectionOptions {
  readonly top_k?: number;
  readonly min_score?: number;
  readonly labels?: { readonly include?: readonly string[]; readonly exclude?: readonly string[] };
  /** Answer with at least this version. */
  readonly collection_version?: number;
}

/** What to search for instead of a picture: another item, or an embedding of 1024 numbers. */
export type SearchFor =
  | { readonly id: string }
  | { readonly embedding: readonly number[] | Float32Array; readonly embedding_space?: string };

/** Options of a search in a collection. */
export interface SearchOptions {
  /** How many matches to list, the most similar first: 1–100, 10 by default. */
  readonly top_k?: number;
  /** Least similarity of a match: −1 to 1, −1 by default. */
  readonly min_similarity?: number;
  /** Only items with this label. */
  readonly label?: string;
}

export interface DuplicatesQuery {
  /** `next_cursor` of the previous page. */
  readonly cursor?: string;
  /** Most copies on a page: 1–1000, 100 by default. */
  readonly limit?: number;
}

/** How a collection is made. */
export interface MakeOptions {
  /** Whether other keys may classify and search with it. */
  readonly shared?: boolean;
  /** Number of its objects, 1 to 17: more than 1 for very many items, and for search only. It cannot be changed. */
  readonly shards?: number;
}

/**
 * A collection by name, as a stub: `env.CLASSIFIER.collection('parts').classify(image)` is one call over the binding.
 * All Workers that bind the service share their collections; a key's collection is `owner/name`, if it is shared.
 */
export interface RpcCollection {
  /** Makes it, or changes whether it is shared. */
  make(options?: MakeOptions): Promise<RpcResult<CollectionStatus>>;
  status(): Promise<RpcResult<CollectionStatus>>;
  /** Deletes it for good. */
  delete(): Promise<RpcResult<null>>;
  /** Adds pictures: one result or one error each, in order. */
  add(
    images: RpcImage | readonly RpcImage[],
    options?: TeachOptions,
  ): Promise<RpcResult<RpcResult<AddedItem>[]>>;
  addEmbeddings(items: readonly EmbeddingItem[]): Promise<RpcResult<RpcResult<AddedItem>[]>>;
  items(query?: {
    readonly label?: string;
    readonly cursor?: string;
    readonly limit?: number;
  }): Promise<RpcResult<ItemList>>;
  item(id: string): Promise<RpcResult<Item>>;
  /** Null removes a value. */
  change(
    id: string,
    change: { readonly label?: string | null; readonly metadata?: Readonly<Record<string, unknown>> | null },
  ): Promise<RpcResult<ChangedItem>>;
  remove(which: { readonly id: string } | { readonly label: string }): Promise<RpcResult<RemovedItems>>;
  /** Trains now; otherwise the next classification does. */
  train(): Promise<RpcResult<CollectionStatus>>;
  classify(image: RpcImage, options?: CollectionOptions): Promise<RpcResult<CollectionClassification>>;
  /** The items most similar to a picture, an embedding or another item, which is not among them. */
  search(what: RpcImage | SearchFor, options?: SearchOptions): Promise<RpcResult<Matches>>;
  /** Items that are copies of older ones, page by page. */
  duplicates(query?: DuplicatesQuery): Promise<RpcResult<Duplicates>>;
  /** The trained head. @param options a kept version, instead of the one that answers. */
  exportHead(options?: { readonly version?: number }): Promise<RpcResult<ExportedHead>>;
  /** The same as an ONNX file, which takes embeddings. */
  exportOnnx(options?: { readonly version?: number }): Promise<RpcResult<Uint8Array<ArrayBuffer>>>;
  /**
   * Some hundreds of its items, in the order in which they were added.
   *
   * @param options only items after the one with this id: `after` of the previous answer, which is present as long as
   *   there may be more.
   */
  exportItems(options?: {
    readonly after?: string;
  }): Promise<RpcResult<{ readonly items: readonly ExportedItem[]; readonly after?: string }>>;
  /** Imports a head, which then answers without its items. */
  importHead(head: PortableHead): Promise<RpcResult<ImportedHead>>;
  /** Adds exported items, or embeddings from elsewhere. Repeating it after an interruption changes nothing. */
  importItems(items: readonly ImportItem[]): Promise<RpcResult<ImportedItems>>;
  /** The kept versions, the newest first. */
  versions(): Promise<RpcResult<Versions>>;
  /** Pins a version, which then answers whatever is taught, or returns to the newest. */
  activate(version: number | 'latest'): Promise<RpcResult<Versions>>;
  deleteVersion(version: number): Promise<RpcResult<Versions>>;
}

/** The methods never throw because of a caller's input. */
export interface Rpc {
  classify(image: RpcImage, options?: ClassifyOptions): Promise<RpcResult<Classification>>;
  embed(image: RpcImage, options?: EmbedOptions): Promise<RpcResult<Embedding>>;
  /** One result or one error each, in order; the pictures are decoded one at a time. */
  batch(
    images: readonly RpcImage[],
    options?: ClassifyOptions,
  ): Promise<RpcResult<RpcResult<Classification>[]>>;
  /** The feature vector of each, in the same form. */
  embedBatch(images: readonly RpcImage[], options?: EmbedOptions): Promise<RpcResult<RpcResult<Embedding>[]>>;
  /** The collections that Workers share. */
  collections(): Promise<RpcResult<CollectionSummary[]>>;
  collection(name: string): RpcCollection | Promise<RpcCollection>;
}
