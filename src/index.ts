/**
 * The Worker's entry points: HTTP, RPC for other Workers, the queue of jobs, and the classes of its Durable Objects.
 * The first call in an isolate creates everything that they use, in `openOrRefuse`; continue reading in `http/app.ts`.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';
import type { Rpc } from '../client/rpc.ts';
import { type CacheScope, createSeenCache } from './cache/seen-cache.ts';
import { createClassifier } from './classifier.ts';
import { collectionsOf } from './collections/collections.ts';
import { createApp, inFlightOf } from './http/app.ts';
import { createMisconfiguredApp } from './http/misconfigured.ts';
import { createDecoder } from './image/decode.ts';
import { createNetwork } from './inference/network.ts';
import { jobBindingsOf, type WorkerEnv } from './jobs/bindings.ts';
import type { Delivery } from './jobs/bucket.ts';
import { createConsumer } from './jobs/consumer.ts';
import { checkEventRules } from './jobs/new-pictures.ts';
import { createRpc, refusingRpc } from './rpc/rpc.ts';
import { readSettings, SettingsError, unitLimitsOf } from './settings.ts';

export { Collection } from './collections/collection.ts';
export { JobDirectory } from './jobs/directory.ts';
export { Job } from './jobs/job.ts';

interface EntryPoints {
  readonly http: ReturnType<typeof createApp>;
  readonly rpc: Rpc;
  readonly consume: (batch: Delivery) => Promise<void>;
}

/** A call has no host of its own, and no site can have this one (RFC 6761). */
const BINDING: CacheScope = { origin: 'https://mobilenet-edge.invalid', caller: 'binding' };

/** Delay before a message that cannot be processed is delivered again. */
const PUT_OFF_SECONDS = 60;

let entryPoints: EntryPoints | undefined;

function open(env: WorkerEnv): EntryPoints {
  entryPoints ??= openOrRefuse(env);
  return entryPoints;
}

function openOrRefuse(env: WorkerEnv): EntryPoints {
  try {
    const settings = readSettings(env);
    checkEventRules(settings);
    const classifier = createClassifier(createDecoder(), createNetwork(), unitLimitsOf(settings));
    const inFlight = inFlightOf(settings);
    const cache = createSeenCache(settings.CACHE_SECONDS);
    const collections = collectionsOf(settings, env.COLLECTIONS);
    const bindings = jobBindingsOf(env);
    return {
      http: createApp(settings, classifier, inFlight, cache, collections),
      rpc: createRpc(settings, cache.before(classifier, BINDING), inFlight, collections),
      consume:
        bindings === undefined
          ? putOff
          : createConsumer({ bindings, classifier, collections, inFlight, settings }),
    };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { http: createMisconfiguredApp(error), rpc: refusingRpc(error), consume: putOff };
  }
}

/** While a setting is invalid or a binding is missing, messages wait. */
async function putOff(batch: Delivery): Promise<void> {
  console.error(
    JSON.stringify({ error: 'The queue has a consumer, but jobs are off or a setting is wrong.' }),
  );
  batch.retryAll({ delaySeconds: PUT_OFF_SECONDS });
}

export default class MobilenetEdge extends WorkerEntrypoint<WorkerEnv> implements Rpc {
  override fetch(request: Request): Response | Promise<Response> {
    return open(this.env).http.fetch(request, this.env, this.ctx);
  }

  override queue(batch: Delivery): Promise<void> {
    return open(this.env).consume(batch);
  }

  classify(...given: Parameters<Rpc['classify']>) {
    return open(this.env).rpc.classify(...given);
  }

  embed(...given: Parameters<Rpc['embed']>) {
    return open(this.env).rpc.embed(...given);
  }

  batch(...given: Parameters<Rpc['batch']>) {
    return open(this.env).rpc.batch(...given);
  }

  embedBatch(...given: Parameters<Rpc['embedBatch']>) {
    return open(this.env).rpc.embedBatch(...given);
  }

  collections(...given: Parameters<Rpc['collections']>) {
    return open(this.env).rpc.collections(...given);
  }

  collection(...given: Parameters<Rpc['collection']>) {
    return open(this.env).rpc.collection(...given);
  }
}
