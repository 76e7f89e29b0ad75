/** The facts that everyone who answers with a collection needs, and no more, because they are requested often. */
import { ANONYMOUS } from '../settings-lists.ts';

export interface Facts {
  readonly owner: string;
  readonly name: string;
  readonly shared: boolean;
  /** Differs if a collection was deleted and made again under the same name. */
  readonly epoch: string;
  /** Goes up with every change. */
  readonly version: number;
  /** The version in which the labelled items, and so the head, last changed; 0 if none ever had a label. */
  readonly taught: number;
  readonly items: number;
  /** Items with a label. */
  readonly labelled: number;
  /** The version of the activated head; missing if the newest answers. */
  readonly active?: number;
  /** The embedding space of its embeddings. */
  readonly embeddingSpace: string;
  /** Number of its objects: 1 means its own. */
  readonly shards: number;
}

/** A shared collection answers other keys, but no callers without a key. */
export function mayUse({ owner, shared }: Pick<Facts, 'owner' | 'shared'>, caller: string): boolean {
  return caller === owner || (shared && caller !== ANONYMOUS);
}

/** The result of a change, and the collection after it. */
export interface Changed<T> {
  readonly value: T;
  readonly facts: Facts;
}
