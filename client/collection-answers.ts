/** The service's answers about collections. */
import type { ImageFacts, ModelFacts, Problem } from './answers.ts';

/** A collection at the time of the answer. */
export interface CollectionVersion {
  readonly name: string;
  /** Goes up with every change. */
  readonly version: number;
  /** The version whose head answers; only if one was activated. */
  readonly active_version?: number;
}

/** What is in a picture, by the labels of a collection. */
export interface CollectionClassification {
  /** Best first. */
  readonly predictions: readonly { readonly label: string; readonly score: number }[];
  /**
   * Whether the picture resembles every label less than the examples resemble their own. True for nearly all unrelated
   * pictures, but for few similar ones.
   */
  readonly unknown: boolean;
  /** Cosine to the mean of the nearest label. */
  readonly similarity: number;
  /** The most similar examples, best first; only for the owner. */
  readonly nearest?: readonly { readonly id: string; readonly label: string; readonly similarity: number }[];
  readonly collection: CollectionVersion;
  /** A newer version is being trained; the one before has answered. */
  readonly stale?: true;
  readonly image: ImageFacts;
  readonly model: ModelFacts;
}

export interface CollectionSummary {
  readonly name: string;
  /** The owner; only if it is not yours. */
  readonly owner?: string;
  /** Whether other keys may classify with it, as OWNER/NAME. */
  readonly shared: boolean;
  /**
   * `empty`: no item has a label. `stale`: labelled items have changed, and the next classification trains first.
   * `ready`: it is trained. `search_only`: it has shards, which are searched and not trained on.
   */
  readonly state: 'empty' | 'stale' | 'ready' | 'search_only';
  readonly version: number;
  readonly embedding_space: string;
  readonly items: number;
  /** Items with a label. */
  readonly labelled: number;
  /** Number of its objects. */
  readonly shards: number;
  /** The activated version that answers; missing if the newest does. */
  readonly active_version?: number;
  readonly created: string;
}

export interface CollectionStatus extends CollectionSummary {
  /** Sorted by name; `accuracy` from five items on. */
  readonly labels: readonly { readonly label: string; readonly count: number; readonly accuracy?: number }[];
  /** Share of the labelled items that are named correctly if each is left out: from five items of every label on. */
  readonly accuracy?: { readonly value: number; readonly examples: number };
  /** The pairs that are most often confused. `ids` only for the owner. */
  readonly confused: readonly {
    readonly label: string;
    readonly taken_for: string;
    readonly count: number;
    readonly ids?: readonly string[];
  }[];
  /** The version that accuracy and confused pairs belong to: an older one while the state is `stale`. */
  readonly trained_version?: number;
}

export interface Item {
  readonly id: string;
  readonly label: string | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  /** When it was first added. */
  readonly added: string;
}

export interface ItemList {
  /** In the order in which they were added. */
  readonly items: readonly Item[];
  /** Cursor of the next page; missing on the last. */
  readonly next_cursor?: string;
}

export interface AddedItem {
  readonly id: string;
  readonly label: string | null;
  /** `replaced`: the id existed, and now has this label, metadata and picture. */
  readonly status: 'added' | 'replaced' | 'unchanged';
  /** The collection's version that includes this item. */
  readonly version: number;
  /** The older item that it is a copy of: the same photo, perhaps edited. Missing if there is none. */
  readonly copy_of?: Copy;
}

/** One of two items that are copies of each other. */
export interface Copy {
  readonly id: string;
  readonly label: string | null;
  /** Cosine of the two embeddings: most copies have 0.7 and more, related things 0.2 to 0.5. */
  readonly similarity: number;
}

export type AddedLine =
  | { readonly index: number; readonly result: AddedItem }
  | { readonly index: number; readonly error: Problem };

export interface AddedItems {
  readonly results: readonly AddedLine[];
  /** The version after all additions. */
  readonly collection: CollectionVersion;
}

export interface ChangedItem extends Item {
  readonly collection: CollectionVersion;
}

export interface RemovedItems {
  readonly removed: number;
  readonly collection: CollectionVersion;
}

/** An item similar to what was searched for. */
export interface Match {
  /** Only for the owner, like `metadata`. */
  readonly id?: string;
  readonly label: string | null;
  /** Cosine of the embeddings: most copies have 0.7 and more, related things 0.2 to 0.5. */
  readonly similarity: number;
  /** Whether it is the same photo, perhaps edited. */
  readonly copy: boolean;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
}

export interface Matches {
  /** The most similar first. */
  readonly matches: readonly Match[];
  readonly collection: CollectionVersion;
}

/** A page of `duplicates`, which covers a part of the collection. */
export interface Duplicates {
  /** Each copy is listed once, with the first item that it is a copy of; a group may continue on a later page. */
  readonly groups: readonly {
    readonly id: string;
    readonly label: string | null;
    /** In the order in which they were added. */
    readonly copies: readonly Copy[];
  }[];
  /** Cursor of the next page, until there is none. A page may be empty. */
  readonly next_cursor?: string;
  readonly collection: CollectionVersion;
}
