/** Calls the objects. Whatever happens to one, the caller gets a value. */
import { fail, type Result } from '../failure.ts';
import type { Collection } from './collection.ts';
import type { Changed } from './facts.ts';
import type { Reference } from './names.ts';

/** A training takes seconds; everything else is faster. */
const PATIENCE_MILLISECONDS = 15_000;

const RETRY_SECONDS = 5;

/** Limits of one object: https://developers.cloudflare.com/durable-objects/platform/limits/ */
const DATABASE_BYTES = 10_000_000_000;

/** The object's methods as seen over RPC: they return promises. */
export type Remote = {
  readonly [Method in keyof Omit<Collection, 'fetch'>]: Collection[Method] extends (
    ...given: infer Given
  ) => infer Returned
    ? (...given: Given) => Promise<Awaited<Returned>>
    : never;
};

/**
 * A shard of a collection, by its number from 0. It never coincides with another collection's, because epochs differ.
 */
export interface ShardReference extends Reference {
  readonly epoch: string;
  readonly shard: number;
}

export interface Objects {
  readonly enabled: boolean;
  /**
   * Calls the object of a collection.
   *
   * @param again whether to retry if the first call was lost: only for what may be done twice.
   * @returns its answer, or `collection_busy`. @throws internal errors.
   */
  ofCollection<T>(
    reference: Reference,
    ask: (object: Remote) => Promise<Result<T>>,
    again?: boolean,
  ): Promise<Result<T>>;
  /** Calls one of a collection's shards in the same way. */
  ofShard<T>(
    shard: ShardReference,
    ask: (object: Remote) => Promise<Result<T>>,
    again?: boolean,
  ): Promise<Result<T>>;
  /** Calls the object with an owner's list. */
  ofOwner<T>(owner: string, ask: (object: Remote) => Promise<Result<T>>): Promise<Result<T>>;
}

/** Calls the object of a collection for a change, and caches the new state. */
export type AskToChange = <T>(
  reference: Reference,
  ask: (object: Remote) => Promise<Result<Changed<T>>>,
  again?: boolean,
) => Promise<Result<Changed<T>>>;

/** The part of a namespace of objects that is used. */
export type Namespace = Pick<DurableObjectNamespace<Collection>, 'getByName'>;

/** @param patience in milliseconds, replaced in tests. */
export function createObjects(namespace: Namespace | undefined, patience = PATIENCE_MILLISECONDS): Objects {
  async function ask<T>(
    name: string,
    question: (object: Remote) => Promise<Result<T>>,
    again: boolean,
  ): Promise<Result<T>> {
    if (namespace === undefined) return fail({ code: 'collections_off' });
    try {
      // The generated type of a stub is this one, with each part of each value wrapped for functions that it does not
      // have.
      const object = namespace.getByName(name) as unknown as Remote;
      return await inTime(question(object), patience);
    } catch (error) {
      if (error instanceof Late || isFlagged(error, 'overloaded'))
        return fail({ code: 'collection_busy', retrySeconds: RETRY_SECONDS });
      if (isFlagged(error, 'retryable'))
        // A stub whose object has gone stays broken, so a new one is made.
        return again
          ? ask(name, question, false)
          : fail({ code: 'collection_busy', retrySeconds: RETRY_SECONDS });
      if (String(error).includes('SQLITE_FULL'))
        return fail({ code: 'quota_reached', of: 'bytes', limit: DATABASE_BYTES });
      throw error;
    }
  }

  return {
    enabled: namespace !== undefined,
    ofCollection: ({ owner, name }, question, again = true) =>
      ask(`collection/${owner}/${name}`, question, again),
    ofShard: ({ owner, name, epoch, shard }, question, again = true) =>
      ask(`shard/${owner}/${name}/${epoch}/${shard}`, question, again),
    ofOwner: (owner, question) => ask(`list/${owner}`, question, true),
  };
}

/** Marks of the platform's errors: https://developers.cloudflare.com/durable-objects/best-practices/error-handling/ */
function isFlagged(error: unknown, flag: 'retryable' | 'overloaded'): boolean {
  return error instanceof Error && flag in error && Reflect.get(error, flag) === true;
}

class Late extends Error {}

/** @throws Late */
async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Late()), milliseconds);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
