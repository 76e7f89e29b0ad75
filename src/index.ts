/**
 * The Worker's doors: HTTP, and RPC for other Workers. Everything behind them is made once per isolate, by
 * the first request.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';
import type { Rpc } from '../client/rpc.ts';
import { createClassifier } from './classifier.ts';
import { createApp } from './http/app.ts';
import { createPhotonDecoder } from './image/photon.ts';
import { createNetwork } from './inference/network.ts';
import { createRpc } from './rpc.ts';
import { readSettings } from './settings.ts';

interface Doors {
  readonly http: ReturnType<typeof createApp>;
  readonly rpc: Rpc;
}

let doors: Doors | undefined;

function open(env: Env): Doors {
  if (doors === undefined) {
    const settings = readSettings(env);
    const classifier = createClassifier(createPhotonDecoder(), createNetwork());
    doors = { http: createApp(settings, classifier), rpc: createRpc(settings, classifier) };
  }
  return doors;
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
}
