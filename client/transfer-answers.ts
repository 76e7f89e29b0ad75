/** Answers of export and import, and about versions. */
import type { ModelFacts, Problem } from './answers.ts';
import type { CollectionVersion } from './collection-answers.ts';

/** The trained head of a collection: everything that is needed to use it elsewhere. */
export interface PortableHead {
  readonly format: 'mobilenet-edge/head/1';
  /** Embedding space that it classifies. */
  readonly embedding_space: string;
  readonly labels: readonly string[];
  /** Base64 of little-endian float32: a row of 1024 for each label. */
  readonly weights: string;
  /** The bias of each label. */
  readonly bias: readonly number[];
  /** Divisor of the scores before the softmax. */
  readonly temperature: number;
  readonly unknown: {
    /** Like the weights: the mean of the examples of each label, of length 1. */
    readonly means: string;
    /** A picture is unknown if its cosine to every mean is below this. */
    readonly threshold: number;
  };
  /** Number of examples that it was trained on. */
  readonly examples?: number;
  /** Leave-one-out accuracy, 0–1. */
  readonly accuracy?: number;
}

/** An exported head. */
export interface ExportedHead extends PortableHead {
  /** Name of the collection. */
  readonly name: string;
  readonly version: number;
  readonly examples: number;
  /** The network that makes the embeddings. */
  readonly model: ModelFacts;
  /** How a picture is prepared for the network, as in `/v1/model`. */
  readonly preprocessing: Readonly<Record<string, unknown>>;
}

/** An item with everything that is stored of it. */
export interface ExportedItem {
  readonly id: string;
  readonly label: string | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  /** 1024 integers from −127 to 127: the direction of the embedding. */
  readonly embedding: readonly number[];
  readonly embedding_space: string;
  /** 16 hexadecimal digits that copies of a picture share; null if there was no picture. */
  readonly fingerprint: string | null;
  readonly added: string;
}

/** An item to import: an exported one, or as much of one as is known. */
export interface ImportItem {
  /** The SHA-256 of the embedding by default. */
  readonly id?: string | null;
  readonly label?: string | null;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
  /** 1024 numbers of any scale. */
  readonly embedding: readonly number[] | Float32Array;
  readonly embedding_space?: string;
  readonly fingerprint?: string | null;
}

export interface ImportedItems {
  readonly items: {
    readonly added: number;
    /** The id existed with another label, metadata or embedding. */
    readonly replaced: number;
    readonly unchanged: number;
    readonly failed: number;
  };
  /** The first 100 that failed; the first line is 1. */
  readonly errors: readonly { readonly line: number; readonly error: Problem }[];
  /** The version after all additions. */
  readonly collection: CollectionVersion;
}

export interface ImportedHead {
  readonly head: {
    /** The version under which it is kept, and which is active now. */
    readonly version: number;
    readonly status: 'imported' | 'unchanged';
  };
  readonly collection: CollectionVersion;
}

export interface HeadVersion {
  /** Version of the collection that it was trained on, or that its import created. */
  readonly version: number;
  readonly source: 'trained' | 'imported';
  readonly created: string;
  readonly labels: number;
  /** Items that it was trained on. */
  readonly examples: number;
  /** Leave-one-out accuracy, 0–1, if every label had five items. */
  readonly accuracy?: number;
  /** Whether this version answers. */
  readonly active: boolean;
}

export interface Versions {
  /** Newest first. */
  readonly versions: readonly HeadVersion[];
  /** Whether a version was activated, which then keeps answering while the collection changes. */
  readonly pinned: boolean;
  readonly collection: CollectionVersion;
}
