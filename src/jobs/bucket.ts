/** The interface to the store of pictures: R2 implements it, and a folder on a machine can. */

export interface StoredObject {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  /** Changes when the object is written. */
  readonly etag: string;
  readonly customMetadata?: Record<string, string>;
}

export interface StoredFile extends StoredObject {
  readonly body: ReadableStream<Uint8Array>;
  arrayBuffer(): Promise<ArrayBuffer>;
  text(): Promise<string>;
}

export interface ListQuery {
  readonly prefix?: string;
  readonly limit?: number;
  /** Only keys after this one. */
  readonly startAfter?: string;
}

export interface Listing {
  /** Sorted by key. */
  readonly objects: readonly StoredObject[];
  /** Whether there are more. */
  readonly truncated: boolean;
}

export interface WriteOptions {
  /** `if-none-match: *`, or the version that may be overwritten. */
  readonly onlyIf?: Headers | { readonly etagMatches?: string };
  readonly customMetadata?: Record<string, string>;
  readonly httpMetadata?: { readonly contentType?: string };
}

export interface Bucket {
  get(key: string): Promise<StoredFile | null>;
  head(key: string): Promise<StoredObject | null>;
  list(query: ListQuery): Promise<Listing>;
  /** @returns null if `onlyIf` does not hold; then nothing is written. */
  put(key: string, value: string | ArrayBuffer, options?: WriteOptions): Promise<unknown>;
}

/** The interface to the queue between jobs and their consumer. */
export interface MessageQueue<Body> {
  sendBatch(messages: readonly { readonly body: Body }[]): Promise<unknown>;
}

/** The part of a delivery that the consumer uses; Cloudflare's has all of it. */
export type Delivery = Pick<MessageBatch, 'queue' | 'messages' | 'retryAll'>;
