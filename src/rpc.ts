/**
 * The RPC door: what another Worker calls by service binding, without HTTP and without a key.
 *
 * Failures come back as values the caller can switch on, because error classes do not survive RPC. The
 * types are in `client/`, which callers of their own projects install.
 */

import type { z } from 'zod';
import type { Rpc, RpcError, RpcImage, RpcResult } from '../client/rpc.ts';
import { classification, embeddingAnswer } from './answer.ts';
import type { Classifier, Seen } from './classifier.ts';
import { type Failure, fail, ok, type Result } from './failure.ts';
import { readOptions } from './given-options.ts';
import { collect } from './input/body.ts';
import type { Hold, InFlight } from './input/in-flight.ts';
import { classifyOptionsSchema, embedOptionsSchema } from './options.ts';
import { describe } from './problem.ts';
import type { Settings } from './settings.ts';

type Answer<S extends z.ZodObject, T> = (seen: Seen, options: z.output<S>) => T;

export function createRpc(settings: Settings, classifier: Classifier, inFlight: InFlight): Rpc {
  async function see(image: RpcImage): Promise<Result<Seen>> {
    if (inFlight.isFull()) return fail({ code: 'too_many_open', limitRequests: inFlight.limitRequests });
    const hold = inFlight.open();
    try {
      const bytes = await bytesOf(image, settings, hold);
      return bytes.ok ? await classifier.see(bytes.value) : bytes;
    } finally {
      hold.release();
    }
  }

  /** One picture. @param answer makes the answer of the network's outputs. */
  function one<S extends z.ZodObject, T>(schema: S, answer: Answer<S, T>) {
    return (image: RpcImage, given?: object) =>
      answered<T>(async () => {
        const options = readOptions(schema, Object.entries(given ?? {}));
        return options.ok ? seenAs(image, options.value, answer) : options;
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
        for (const image of images) {
          results.push(await answered(() => seenAs(image, options.value, answer)));
        }
        return ok(results);
      });
  }

  async function seenAs<S extends z.ZodObject, T>(
    image: RpcImage,
    options: z.output<S>,
    answer: Answer<S, T>,
  ): Promise<Result<T>> {
    const seen = await see(image);
    return seen.ok ? ok(answer(seen.value, options)) : seen;
  }

  return {
    classify: one(classifyOptionsSchema, classification),
    embed: one(embedOptionsSchema, embeddingAnswer),
    batch: many(classifyOptionsSchema, classification),
    embedBatch: many(embedOptionsSchema, embeddingAnswer),
  };
}

/** The door while a setting is wrong, which is said in the log. */
export function refusingRpc(error: Error): Rpc {
  const refuse = () => answered<never>(() => Promise.reject(error));
  return { classify: refuse, embed: refuse, batch: refuse, embedBatch: refuse };
}

/** The result as it goes over the wire; a fault of our own is logged and becomes `internal`. */
async function answered<T>(work: () => Promise<Result<T>>): Promise<RpcResult<T>> {
  try {
    const result = await work();
    return result.ok ? result : { ok: false, error: errorOf(result.failure) };
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    console.error(JSON.stringify({ door: 'rpc', error: message, stack }));
    return { ok: false, error: errorOf({ code: 'internal' }) };
  }
}

function errorOf(failure: Failure): RpcError {
  const { status, detail } = describe(failure);
  return { code: failure.code, detail, status };
}

async function bytesOf(image: RpcImage, settings: Settings, hold: Hold): Promise<Result<Uint8Array>> {
  const maxBytes = settings.MAX_IMAGE_BYTES;
  if (image instanceof ArrayBuffer || image instanceof Uint8Array) {
    if (image.byteLength > maxBytes) return fail({ code: 'body_too_large', limitBytes: maxBytes });
    if (image.byteLength === 0) return fail({ code: 'body_missing' });
    if (!hold.take(image.byteLength)) return fail({ code: 'overloaded', limitBytes: hold.limitBytes });
    return ok(image instanceof ArrayBuffer ? new Uint8Array(image) : image);
  }
  const stream = image instanceof Request || image instanceof Response ? image.body : image;
  if (stream === null) return fail({ code: 'body_missing' });
  if (!(stream instanceof ReadableStream)) return fail({ code: 'image_not_bytes' });
  return collect(stream, { maxBytes, timeoutSeconds: settings.BODY_TIMEOUT_SECONDS, hold });
}
