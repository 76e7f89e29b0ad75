/**
 * The RPC entry point, which another Worker calls through a service binding, without HTTP and without a key.
 *
 * Failures are returned as values that the caller can switch on, because error classes do not survive RPC. The types
 * are in `client/`, which callers install.
 */

import type { z } from 'zod';
import type { Rpc, RpcImage, RpcResult } from '../../client/rpc.ts';
import { classification, embeddingAnswer } from '../answer.ts';
import type { Classifier, Seen } from '../classifier.ts';
import { type Collections, collectionsOf } from '../collections/collections.ts';
import { fail, ok, type Result } from '../failure.ts';
import { readOptions } from '../given-options.ts';
import { createAllowance, type Share } from '../image/ways/allowance.ts';
import type { InFlight } from '../input/in-flight.ts';
import { classifyOptionsSchema, embedOptionsSchema } from '../options.ts';
import type { Settings } from '../settings.ts';
import { answered, bytesOf } from './call.ts';
import { createRpcCollections } from './collection.ts';
import type { SeenFile } from './owned.ts';

type Answer<S extends z.ZodObject, T> = (seen: Seen, options: z.output<S>) => T;

/** @param collections undefined without a namespace of objects. */
export function createRpc(
  settings: Settings,
  classifier: Classifier,
  inFlight: InFlight,
  collections: Collections = collectionsOf(settings),
): Rpc {
  const allowance = () => createAllowance(settings.MAX_BATCH_UNITS);

  async function see(image: RpcImage, share: Share = allowance().picture()): Promise<Result<SeenFile>> {
    if (inFlight.isFull()) return fail({ code: 'too_many_open', limitRequests: inFlight.limitRequests });
    const hold = inFlight.open();
    try {
      const bytes = await bytesOf(image, settings, hold);
      if (!bytes.ok) return bytes;
      const seen = await classifier.see(bytes.value, share);
      return seen.ok ? ok({ ...seen.value, bytes: bytes.value }) : seen;
    } finally {
      hold.release();
    }
  }

  /** Processes one picture. @param answer makes the answer from the network's outputs. */
  function one<S extends z.ZodObject, T>(schema: S, answer: Answer<S, T>) {
    return (image: RpcImage, given?: object) =>
      answered<T>(async () => {
        const options = readOptions(schema, Object.entries(given ?? {}));
        return options.ok ? seenAs(image, options.value, answer, allowance().picture()) : options;
      });
  }

  /** Many pictures, one result or one error each. */
  function many<S extends z.ZodObject, T>(schema: S, answer: Answer<S, T>) {
    return (images: readonly RpcImage[], given?: object) =>
      answered<RpcResult<T>[]>(async () => {
        const options = readOptions(schema, Object.entries(given ?? {}));
        if (!options.ok) return options;
        if (!Array.isArray(images) || images.length === 0) return fail({ code: 'batch_empty' });
        if (images.length > settings.MAX_BATCH_ITEMS) {
          return fail({ code: 'batch_too_many_items', limitItems: settings.MAX_BATCH_ITEMS });
        }
        const results: RpcResult<T>[] = [];
        const forAll = allowance();
        for (const image of images) {
          results.push(await answered(async () => seenAs(image, options.value, answer, await forAll.next())));
        }
        return ok(results);
      });
  }

  async function seenAs<S extends z.ZodObject, T>(
    image: RpcImage,
    options: z.output<S>,
    answer: Answer<S, T>,
    share: Share,
  ): Promise<Result<T>> {
    const seen = await see(image, share);
    return seen.ok ? ok(answer(seen.value, options)) : seen;
  }

  return {
    classify: one(classifyOptionsSchema, classification),
    embed: one(embedOptionsSchema, embeddingAnswer),
    batch: many(classifyOptionsSchema, classification),
    embedBatch: many(embedOptionsSchema, embeddingAnswer),
    ...createRpcCollections({ settings, collections, see }),
  };
}

/** The entry point while a setting is invalid; the log names the setting. */
export function refusingRpc(error: Error): Rpc {
  const refuse = () => answered<never>(() => Promise.reject(error));
  return {
    classify: refuse,
    embed: refuse,
    batch: refuse,
    embedBatch: refuse,
    collections: refuse,
    collection: () => {
      throw error;
    },
  };
}
