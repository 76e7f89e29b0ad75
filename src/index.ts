/**
 * The Worker's entry points: HTTP, and RPC for other Workers. The first request of an isolate creates everything
 * behind them.
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
import { createRpc, refusingRpc } from './rpc.ts';
import { readSettings, SettingsError } from './settings.ts';

export { Collection } from './collections/collection.ts';

interface EntryPoints {
  readonly http: ReturnType<typeof createApp>;
  readonly rpc: Rpc;
}

/** A call has no host of its own, and this one can be nobody's (RFC 6761). */
const BINDING: CacheScope = { origin: 'https://mobilenet-edge.invalid', caller: 'binding' };

let entryPoints: EntryPoints | undefined;

function open(env: Env): EntryPoints {
  entryPoints ??= openOrRefuse(env);
  return entryPoints;
}

function openOrRefuse(env: Env): EntryPoints {
  try {
    const settings = readSettings(env);
    const classifier = createClassifier(createDecoder(), createNetwork());
    const inFlight = inFlightOf(settings);
    const cache = createSeenCache(settings.CACHE_SECONDS);
    const collections = collectionsOf(settings, env.COLLECTIONS);
    return {
      http: createApp(settings, classifier, inFlight, cache, collections),
      rpc: createRpc(settings, cache.before(classifier, BINDING), inFlight, collections),
    };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { http: createMisconfiguredApp(error), rpc: refusingRpc(error) };
  }
}

export default class MobilenetEdge extends WorkerEntrypoint<Env> implements Rpc {
  override fetch(request: Request): Response | Promise<Response> {
    return open(this.env).http.fetch(request, this.env, this.ctx);
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
