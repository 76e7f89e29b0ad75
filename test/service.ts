/** The whole Worker for tests: real decoder, real network, settings chosen by the test. */
import { env as bindings } from 'cloudflare:workers';
import { createClassifier } from '../src/classifier.ts';
import { collectionsOf } from '../src/collections/collections.ts';
import { createApp } from '../src/http/app.ts';
import { createDecoder } from '../src/image/decode.ts';
import { createNetwork, startRuntime } from '../src/inference/network.ts';
import { once } from '../src/inference/once.ts';
import { readSettings } from '../src/settings.ts';

export const { COLLECTIONS } = bindings;

/** One for all tests: a second one would not fit the memory account that they check. */
export const runtime = once(startRuntime);
export const network = createNetwork(runtime);
export const decoder = createDecoder();
export const classifier = createClassifier(decoder, network);

/**
 * An app that answers every caller and caches nothing, so that every answer is computed, unless `env` says otherwise.
 * All apps share one runtime.
 */
export function service(env: Record<string, unknown> = {}) {
  const settings = readSettings({ ALLOW_ANONYMOUS: 'true', CACHE_SECONDS: '0', ...env });
  return createApp(settings, classifier, undefined, undefined, collectionsOf(settings, COLLECTIONS));
}

export function post(body: BodyInit, headers: Record<string, string> = {}): RequestInit {
  return { method: 'POST', body, headers };
}
