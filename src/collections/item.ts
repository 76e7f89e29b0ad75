/** An item of a collection: the embedding of a picture, with its id, label and metadata. */
import type { Original } from './copy-search.ts';

/** An item as it is added. */
export interface NewItem {
  readonly id: string;
  readonly label?: string;
  /** JSON. */
  readonly metadata?: string;
  /** 1024 bytes: the direction of the embedding. */
  readonly vector: Int8Array;
  /** 8 bytes that copies of a picture share, if there was a picture. */
  readonly fingerprint?: Uint8Array;
  /** False if the original of a copy is not requested. */
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

/** The result for an added item. `replaced` has another label, metadata or vector than before. */
export type Outcome = 'added' | 'replaced' | 'unchanged';

/** An added item, and the older one that it is a copy of, if there is one. */
export interface Added {
  readonly status: Outcome;
  /** When it was first added, in milliseconds since 1970. */
  readonly added: number;
  readonly copyOf?: Original;
}

/** What to change of an item; null removes a value. */
export interface Change {
  readonly label?: string | null;
  readonly metadata?: string | null;
}

/** Which items to list. */
export interface ListQuery {
  /** The page begins after this position. */
  readonly after: number;
  readonly label?: string;
  readonly limit: number;
}

export interface ItemPage {
  readonly items: readonly Item[];
  /** Where the next page begins; undefined if there is none. */
  readonly after?: number;
}
