/** What the service answers about collections. */
import type { ImageFacts, ModelFacts, Problem } from './answers.ts';

/** A collection as it was when the answer was made. */
export interface CollectionVersion {
  readonly name: string;
  /** Goes up with every change. */
  readonly version: number;
  /** The version whose head answers, only where one was activated. */
  readonly active_version?: number;
}

/** What is in a picture, by the labels of a collection. */
export interface CollectionClassification {
  /** Best first. */
  readonly predictions: readonly { readonly label: string; readonly score: number }[];
  /**
   * Whether the picture is less like every label than examples are like their own. Told of nearly all unrelated
   * pictures, and of few that are only alike.
   */
  readonly unknown: boolean;
  /** Cosine to the mean of the label that is nearest. */
  readonly similarity: number;
  /** The examples most like it, best first; only for the owner. */
  readonly nearest?: readonly { readonly id: string; readonly label: string; readonly similarity: number }[];
  readonly collection: CollectionVersion;
  /** A newer version is being trained; this is the answer of the one before. */
  readonly stale?: true;
  readonly image: ImageFacts;
  readonly model: ModelFacts;
}

export interface CollectionSummary {
  readonly name: string;
  /** Whose it is; only where it is not yours. */
  readonly owner?: string;
  /** Whether other keys may classify with it, as OWNER/NAME. */
  readonly shared: boolean;
  /**
   * `empty`: no item has a label. `stale`: labelled items have changed, and the next question trains first. `ready`: it
   * is trained. `search_only`: it is in shards, which are searched and not trained on.
   */
  readonly state: 'empty' | 'stale' | 'ready' | 'search_only';
  readonly version: number;
  readonly embedding_space: string;
  readonly items: number;
  /** Items with a label. */
  readonly labelled: number;
  /** In how many objects its items are. */
  readonly shards: number;
  /** The version that was activated and answers; missing where the newest does. */
  readonly active_version?: number;
  readonly created: string;
}

export interface CollectionStatus extends CollectionSummary {
  /** In the order of their names; `accuracy` from five items on. */
  readonly labels: readonly { readonly label: string; readonly count: number; readonly accuracy?: number }[];
  /** Part of the labelled items that is named rightly when each is left out: from five items of every label on. */
  readonly accuracy?: { readonly value: number; readonly examples: number };
  /** The pairs that are most often taken for each other. `ids` only for the owner. */
  readonly confused: readonly {
    readonly label: string;
    readonly taken_for: string;
    readonly count: number;
    readonly ids?: readonly string[];
  }[];
  /** The version that accuracy and confused pairs are of: an older one while the state is `stale`. */
  readonly trained_version?: number;
}

export interface Item {
  readonly id: string;
  readonly label: string | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  /** When it was added first. */
  readonly added: string;
}

export interface ItemList {
  /** In the order in which they were added. */
  readonly items: readonly Item[];
  /** For the next page; only where there is one. */
  readonly next_cursor?: string;
}

export interface AddedItem {
  readonly id: string;
  readonly label: string | null;
  /** `replaced`: the id was there, and has this label, metadata and picture now. */
  readonly status: 'added' | 'replaced' | 'unchanged';
  /** The collection's, with this item in it. */
  readonly version: number;
  /** The older item that it is a copy of: the same photo, perhaps edited. Only where there is one. */
  readonly copy_of?: Copy;
}

/** One of two items that are copies of each other. */
export interface Copy {
  readonly id: string;
  readonly label: string | null;
  /** Cosine of the embeddings of the two: most copies have 0.7 and more, related things 0.2 to 0.5. */
  readonly similarity: number;
}

export type AddedLine =
  | { readonly index: number; readonly result: AddedItem }
  | { readonly index: number; readonly error: Problem };

export interface AddedItems {
  readonly results: readonly AddedLine[];
  /** After all of it. */
  readonly collection: CollectionVersion;
}

export interface ChangedItem extends Item {
  readonly collection: CollectionVersion;
}

export interface RemovedItems {
  readonly removed: number;
  readonly collection: CollectionVersion;
}

/** An item that is like what was searched for. */
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
  /** The most alike first. */
  readonly matches: readonly Match[];
  readonly collection: CollectionVersion;
}

/** A part of what `duplicates` looks through. */
export interface Duplicates {
  /** Each copy is listed once, with the first item that it is a copy of; a group may continue on a later page. */
  readonly groups: readonly {
    readonly id: string;
    readonly label: string | null;
    /** In the order in which they were added. */
    readonly copies: readonly Copy[];
  }[];
  /** For the next page, until there is none. A page may be empty. */
  readonly next_cursor?: string;
  readonly collection: CollectionVersion;
}
