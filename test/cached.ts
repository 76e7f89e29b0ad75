/** Apps with a cache, for tests of the cache. */
import { expect, vi } from 'vitest';
import { createSeenCache, type OpenCache } from '../src/cache/seen-cache.ts';
import { createApp } from '../src/http/app.ts';
import { readSettings } from '../src/settings.ts';
import { provided } from './pictures/provided.ts';
import { classifier } from './service.ts';

export const HIT = 'mobilenet-edge; hit';
export const MISS = 'mobilenet-edge; fwd=miss';
export const BYPASS = 'mobilenet-edge; fwd=bypass';
export const PARTIAL = 'mobilenet-edge; fwd=partial';

/** An app whose classifier counts, with the platform's cache by default. Each behaves like an isolate of its own. */
export function caching(env: Record<string, unknown> = {}, open?: OpenCache) {
  const settings = readSettings({
    ALLOW_ANONYMOUS: 'true',
    CACHE_SECONDS: '60',
    RATE_LIMIT_REQUESTS: '0',
    ...env,
  });
  const see = vi.fn(classifier.see);
  const cache = open && createSeenCache(settings.CACHE_SECONDS, open);
  return { see, app: createApp(settings, { ...classifier, see }, undefined, cache) };
}

type App = ReturnType<typeof caching>['app'];

let made = 0;

/** A picture that was never sent before: a photo with its own comment, which begins at byte 6. */
export function fresh(photo = provided('golf-ball.jpeg-420')): Uint8Array {
  const comment = new TextEncoder().encode(`${Date.now()} ${made++}`);
  const segment = [0xff, 0xfe, 0, comment.byteLength + 2, ...comment];
  return Uint8Array.from([...photo.subarray(0, 2), ...segment, ...photo.subarray(2)]);
}

export async function ask(app: App, path: string, init: RequestInit) {
  const response = await app.request(path, init);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return { text, status: response.headers.get('cache-status'), headers: response.headers };
}

/** Repeats the request until the entry exists: it is written after the answer has begun. */
export function known(app: App, path: string, init: RequestInit) {
  return vi.waitFor(async () => {
    const answer = await ask(app, path, init);
    expect(answer.status).toBe(HIT);
    return answer;
  });
}
