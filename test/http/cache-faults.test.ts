/** What callers see when the platform's cache fails: the usual answer, marked as a miss. */
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import type { OpenCache } from '../../src/cache/seen-cache.ts';
import { ask, caching, fresh, known, MISS } from '../cached.ts';
import { provided } from '../pictures/provided.ts';
import { post } from '../service.ts';

const NAME = 'mobilenet-edge';

/** Keys of the entries that were written through `noting`. */
let keys: (RequestInfo | URL)[] = [];

/** The platform's cache, with its keys recorded and one method replaced. */
function faulty(fault: Partial<Pick<Cache, 'match' | 'put'>> = {}): OpenCache {
  return async () => {
    const cache = await caches.open(NAME);
    return {
      match: fault.match ?? ((key) => cache.match(key)),
      put:
        fault.put ??
        ((key, response) => {
          keys.push(key);
          return cache.put(key, response);
        }),
    };
  };
}

const answering = (body: () => BodyInit | null) => faulty({ match: async () => new Response(body()) });

/** A cache that returns a changed entry. */
function changing(change: (entry: Uint8Array) => Uint8Array, of = (key: RequestInfo | URL) => key) {
  return faulty({
    async match(key) {
      const response = await (await caches.open(NAME)).match(of(key));
      return response && new Response(change(new Uint8Array(await response.arrayBuffer())));
    },
  });
}

/** Flips one bit. */
function flipped(at: number) {
  return (entry: Uint8Array): Uint8Array => entry.with(at, (entry[at] ?? 0) ^ 1);
}

function brokenOff(): ReadableStream {
  return new ReadableStream({
    start: (controller) => controller.enqueue(new Uint8Array(100)),
    pull: (controller) => controller.error(new Error('gone')),
  });
}

const out = () => Promise.reject(new Error('out of order'));

let warn: MockInstance<typeof console.warn>;
beforeEach(() => {
  keys = [];
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

describe('a cache that', () => {
  it.each<{ name: string; open: OpenCache; said?: string }>([
    { name: 'is not there', open: async () => out(), said: 'out of order' },
    { name: 'fails to look up', open: faulty({ match: out }), said: 'out of order' },
    { name: 'has nothing', open: faulty({ match: async () => undefined }) },
    { name: 'has garbage', open: answering(() => 'garbage') },
    {
      name: 'has as many bytes of garbage as an entry',
      open: answering(() => crypto.getRandomValues(new Uint8Array(8200))),
    },
    { name: 'has an empty entry', open: answering(() => null) },
    { name: 'breaks off', open: answering(brokenOff), said: 'gone' },
    { name: 'has half an entry', open: changing((entry) => entry.slice(0, 5000)) },
    { name: 'has an entry without its end', open: changing((entry) => entry.slice(0, -1)) },
    { name: 'has a wrong hash', open: changing(flipped(0)) },
    { name: 'has a wrong number', open: changing(flipped(100)) },
    { name: 'has wrong facts', open: changing(flipped(8140)) },
    {
      name: 'confuses its keys',
      open: changing(
        (entry) => entry,
        (key) => keys.find((other) => other !== key) ?? key,
      ),
    },
    { name: 'never answers', open: faulty({ match: () => new Promise(() => {}) }), said: 'no answer within' },
  ])('$name is a miss', async ({ open, said }) => {
    const picture = fresh();
    // The entry exists, and so does another, so that only the fault can make it a miss.
    const good = caching({}, faulty()).app;
    for (const bytes of [picture, fresh(provided('spider-web.jpeg-420'))]) {
      await ask(good, '/v1/classify', post(bytes));
      await known(good, '/v1/classify', post(bytes));
    }
    const { text } = await ask(good, '/v1/classify', post(picture));
    const { app, see } = caching({}, open);
    for (let times = 1; times <= 2; times++) {
      const answer = await ask(app, '/v1/classify', post(picture));
      expect(answer.status).toBe(MISS);
      expect(answer.text).toBe(text);
      expect(see).toHaveBeenCalledTimes(times);
    }
    // Once per isolate, however often it fails.
    expect(warn).toHaveBeenCalledTimes(said === undefined ? 0 : 1);
    if (said !== undefined) expect(warn.mock.calls.join()).toContain(said);
  });

  it('fails to keep is a miss the next time too', async () => {
    const picture = fresh();
    const { app } = caching({}, faulty({ put: out }));
    for (let times = 0; times < 3; times++) {
      expect((await ask(app, '/v1/classify', post(picture))).status).toBe(MISS);
    }
    await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(1));
    expect(warn.mock.calls.join()).toContain('out of order');
  });

  it('is slow to keep is not waited for', async () => {
    const { app } = caching({}, faulty({ put: () => scheduler.wait(20_000) }));
    const begin = Date.now();
    expect((await ask(app, '/v1/classify', post(fresh()))).status).toBe(MISS);
    expect(Date.now() - begin).toBeLessThan(15_000);
  });
});
