/** An item of a collection: what was made of a picture, and what was said about it. */
import type { Original } from './copy-search.ts';

/** An item as it is added. */
export interface NewItem {
  readonly id: string;
  readonly label?: string;
  /** JSON. */
  readonly metadata?: string;
  /** 1024 bytes: the direction of the embedding. */
  readonly vector: Int8Array;
  /** 8 bytes that copies of a picture share, where there was a picture. */
  readonly fingerprint?: Uint8Array;
  /** False if the original of a copy is not asked for. */
  readonly copies?: boolean;
}

/** An item as its owner sees it. */
export interface Item {
  readonly id: string;
  readonly label: string | null;
  /** JSON. */
  readonly metadata: string | null;
  /** Milliseconds since 1970. */
  readonly added: number;
}

/** What came of an item that was added. `replaced` has another label, metadata or vector than before. */
export type Outcome = 'added' | 'replaced' | 'unchanged';

/** An item that was added, and the older one that it is a copy of, if there is one. */
export interface Added {
  readonly status: Outcome;
  /** When it was added first, in milliseconds since 1970. */
  readonly added: number;
  readonly copyOf?: Original;
}

/** What is changed of an item; null takes it away. */
export interface Change {
  readonly label?: string | null;
  readonly metadata?: string | null;
}

/** Which items are listed. */
export interface ListQuery {
  /** The position after which the page begins. */
  readonly after: number;
  readonly label?: string;
  readonly limit: number;
}

export interface ItemPage {
  readonly items: readonly Item[];
  /** Where the next page begins; undefined where there is none. */
  readonly after?: number;
}
