/** What everybody who answers with a collection has to know of it, and no more: it is asked for all the time. */
import { ANONYMOUS } from '../settings-lists.ts';

export interface Facts {
  readonly owner: string;
  readonly name: string;
  readonly shared: boolean;
  /** Another one where a collection was deleted and made again under the same name. */
  readonly epoch: string;
  /** Goes up with every change. */
  readonly version: number;
  /** The version in which the labelled items, and so the head, last changed; 0 where none ever had a label. */
  readonly taught: number;
  readonly items: number;
  /** Items with a label. */
  readonly labelled: number;
  /** The version of the head that was activated; missing where the newest answers. */
  readonly active?: number;
  /** Which embeddings can be compared with its own. */
  readonly embeddingSpace: string;
  /** In how many objects its items are: 1 is in its own. */
  readonly shards: number;
}

/** A shared collection answers other keys, but no callers without a key. */
export function mayUse({ owner, shared }: Pick<Facts, 'owner' | 'shared'>, caller: string): boolean {
  return caller === owner || (shared && caller !== ANONYMOUS);
}

/** What a change came to, and the collection after it. */
export interface Changed<T> {
  readonly value: T;
  readonly facts: Facts;
}
