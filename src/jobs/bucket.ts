/** What jobs need of the place that pictures lie in: R2 has it, and a folder of a machine can have it. */

export interface StoredObject {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  /** Changes when it is written. */
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
  /** Only keys that come after this one. */
  readonly startAfter?: string;
}

export interface Listing {
  /** In the order of their keys. */
  readonly objects: readonly StoredObject[];
  /** There is more behind them. */
  readonly truncated: boolean;
}

export interface WriteOptions {
  /** `if-none-match: *`, or the version that is to be written over. */
  readonly onlyIf?: Headers | { readonly etagMatches?: string };
  readonly customMetadata?: Record<string, string>;
  readonly httpMetadata?: { readonly contentType?: string };
}

export interface Bucket {
  get(key: string): Promise<StoredFile | null>;
  head(key: string): Promise<StoredObject | null>;
  list(query: ListQuery): Promise<Listing>;
  /** @returns null where `onlyIf` does not hold: nothing is written then. */
  put(key: string, value: string | ArrayBuffer, options?: WriteOptions): Promise<unknown>;
}

/** What jobs need of the queue between them and the consumer. */
export interface MessageQueue<Body> {
  sendBatch(messages: readonly { readonly body: Body }[]): Promise<unknown>;
}

/** Of a delivery, what the consumer looks at: all of it on Cloudflare. */
export type Delivery = Pick<MessageBatch, 'queue' | 'messages' | 'retryAll'>;
