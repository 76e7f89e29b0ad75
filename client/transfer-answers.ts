/** What leaves a collection as a file, what comes back, and its versions. */
import type { ModelFacts, Problem } from './answers.ts';
import type { CollectionVersion } from './collection-answers.ts';

/** The trained head of a collection: everything that is needed to use it elsewhere. */
export interface PortableHead {
  readonly format: 'mobilenet-edge/head/1';
  /** Which embeddings it is for. */
  readonly embedding_space: string;
  readonly labels: readonly string[];
  /** Base64 of little-endian float32: a row of 1024 for each label. */
  readonly weights: string;
  /** Of each label. */
  readonly bias: readonly number[];
  /** What scores are divided by before the softmax. */
  readonly temperature: number;
  readonly unknown: {
    /** As the weights: the mean of the examples of each label, of length 1. */
    readonly means: string;
    /** A picture whose cosine to every mean is less is unknown. */
    readonly threshold: number;
  };
  /** How many it was trained on. */
  readonly examples?: number;
  /** By leave-one-out, 0–1. */
  readonly accuracy?: number;
}

/** A head as it was exported. */
export interface ExportedHead extends PortableHead {
  /** Of the collection. */
  readonly name: string;
  readonly version: number;
  readonly examples: number;
  /** The network that makes the embeddings. */
  readonly model: ModelFacts;
  /** What is done to a picture before the network sees it, as `/v1/model` has it. */
  readonly preprocessing: Readonly<Record<string, unknown>>;
}

/** An item with all that is kept of it. */
export interface ExportedItem {
  readonly id: string;
  readonly label: string | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  /** 1024 whole numbers from −127 to 127: the direction of the embedding. */
  readonly embedding: readonly number[];
  readonly embedding_space: string;
  /** 16 hexadecimal digits that copies of a picture share; null where there was no picture. */
  readonly fingerprint: string | null;
  readonly added: string;
}

/** An item that comes in: an export's, or as much of one as is known. */
export interface ImportItem {
  /** By default the SHA-256 of the embedding. */
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
    /** The id was there, with another label, metadata or embedding. */
    readonly replaced: number;
    readonly unchanged: number;
    readonly failed: number;
  };
  /** The first 100 that failed; the first line is 1. */
  readonly errors: readonly { readonly line: number; readonly error: Problem }[];
  /** After all of it. */
  readonly collection: CollectionVersion;
}

export interface ImportedHead {
  readonly head: {
    /** Under which it is kept, and active now. */
    readonly version: number;
    readonly status: 'imported' | 'unchanged';
  };
  readonly collection: CollectionVersion;
}

export interface HeadVersion {
  /** That of the collection whose labelled items it was trained on, or which came of its import. */
  readonly version: number;
  readonly source: 'trained' | 'imported';
  readonly created: string;
  readonly labels: number;
  /** Items that it was trained on. */
  readonly examples: number;
  /** By leave-one-out, where every label had five items. */
  readonly accuracy?: number;
  /** Whether it is the one that answers. */
  readonly active: boolean;
}

export interface Versions {
  /** The newest first. */
  readonly versions: readonly HeadVersion[];
  /** Whether a version was activated, which answers whatever is taught meanwhile. */
  readonly pinned: boolean;
  readonly collection: CollectionVersion;
}
