/** Cached answers, with the platform's own cache. */
import { describe, expect, it, vi } from 'vitest';
import { createSeenCache } from '../../src/cache/seen-cache.ts';
import { createClassifier } from '../../src/classifier.ts';
import { createApp, inFlightOf } from '../../src/http/app.ts';
import type { Decoder } from '../../src/image/decode.ts';
import { createRpc } from '../../src/rpc/rpc.ts';
import { readSettings } from '../../src/settings.ts';
import { ask, BYPASS, caching, fresh, HIT, known, MISS, PARTIAL } from '../cached.ts';
import { bearer, stored } from '../keys.ts';
import { classifier, decoder, network, post } from '../service.ts';

const [A, B] = ['mne_of-a', 'mne_of-b'];
const API_KEYS = [await stored('a', A), await stored('b', B)].join(',');

const dialects = [
  { name: 'labels', path: '/v1/classify', init: post },
  { name: 'a vector', path: '/v1/embed', init: post },
  { name: 'Hugging Face', path: '/hf', init: post },
  { name: 'Workers AI', path: '/client/v4/accounts/x/ai/run/@cf/microsoft/resnet-50', init: post },
  {
    name: 'TensorFlow Serving',
    path: '/tf/v1/models/mobilenet_v3_small_100_224:predict',
    init: (bytes: Uint8Array) => post(JSON.stringify({ instances: [{ b64: bytes.toBase64() }] })),
  },
  {
    name: 'Open Inference Protocol',
    path: '/v2/models/mobilenet_v3_small_100_224_image/infer',
    init: (bytes: Uint8Array) => {
      const input = { name: 'image', datatype: 'BYTES', shape: [1], data: [bytes.toBase64()] };
      return post(JSON.stringify({ inputs: [input] }));
    },
  },
  {
    name: 'base64',
    path: '/v1/classify',
    init: (bytes: Uint8Array) => post(JSON.stringify({ image: bytes.toBase64() })),
  },
];

describe('a picture that was seen before', () => {
  it.each(dialects)(
    'is not looked at again for $name, and the answer is the same',
    async ({ path, init }) => {
      const { app, see } = caching();
      const picture = fresh();
      const first = await ask(app, path, init(picture));
      expect(first.status).toBe(MISS);
      const again = await known(app, path, init(picture));
      expect(again.text).toBe(first.text);
      const calls = see.mock.calls.length;
      await ask(app, path, init(picture));
      expect(see).toHaveBeenCalledTimes(calls);
    },
  );

  it('is known to every dialect and to other isolates, once one has asked', async () => {
    const picture = fresh();
    const first = caching();
    expect((await ask(first.app, '/hf', post(picture))).status).toBe(MISS);
    await known(first.app, '/hf', post(picture));
    const plain = caching({ CACHE_SECONDS: '0' });
    for (const { path, init } of dialects) {
      const other = caching();
      const answer = await ask(other.app, path, init(picture));
      expect(answer.status).toBe(HIT);
      expect(other.see).not.toHaveBeenCalled();
      expect(answer.text).toBe((await ask(plain.app, path, init(picture))).text);
    }
  });

  it('is answered with the options of each request', async () => {
    const { app, see } = caching();
    const picture = fresh();
    await ask(app, '/v1/classify', post(picture));
    const { text } = await known(app, '/v1/classify', post(picture));
    const calls = see.mock.calls.length;
    const asked = [
      'top_k=5',
      'top_k=2',
      'min_score=0.5',
      'labels.exclude=golf%20ball',
      'top_k=2&min_score=1',
    ];
    const texts = [];
    for (const query of asked) {
      const answer = await ask(app, `/v1/classify?${query}`, post(picture));
      expect(answer.status).toBe(HIT);
      texts.push(answer.text);
    }
    // The default gives the same answer, sent or left out; all other values differ.
    expect(texts[0]).toBe(text);
    expect(new Set(texts).size).toBe(asked.length);
    expect(see).toHaveBeenCalledTimes(calls);
  });

  it('is another one with one bit changed', async () => {
    const { app } = caching();
    const picture = fresh();
    await ask(app, '/v1/classify', post(picture));
    await known(app, '/v1/classify', post(picture));
    const other = picture.slice();
    // In the JPEG comment.
    other[8] = (other[8] ?? 0) ^ 1;
    expect((await ask(app, '/v1/classify', post(other))).status).toBe(MISS);
  });

  it('is forgotten in time', async () => {
    const { app } = caching({ CACHE_SECONDS: '1' });
    const picture = fresh();
    await ask(app, '/v1/classify', post(picture));
    await known(app, '/v1/classify', post(picture));
    await scheduler.wait(1500);
    expect((await ask(app, '/v1/classify', post(picture))).status).toBe(MISS);
  });

  it('is looked at again where nothing is kept', async () => {
    const { app, see } = caching({ CACHE_SECONDS: '0' });
    const picture = fresh();
    for (const status of [BYPASS, BYPASS]) {
      expect((await ask(app, '/v1/classify', post(picture))).status).toBe(status);
    }
    expect(see).toHaveBeenCalledTimes(2);
  });

  it('is no news to callers with another key', async () => {
    const { app } = caching({ API_KEYS });
    const picture = fresh();
    await ask(app, '/v1/classify', post(picture, bearer(A)));
    await known(app, '/v1/classify', post(picture, bearer(A)));
    expect((await ask(app, '/v1/classify', post(picture, bearer(B)))).status).toBe(MISS);
    expect((await ask(app, '/v1/classify', post(picture))).status).toBe(MISS);
  });

  it('is not looked at again for another Worker, and is no news to it where callers have sent it', async () => {
    const settings = readSettings({ CACHE_SECONDS: '60' });
    const see = vi.fn(classifier.see);
    const scope = { origin: 'https://mobilenet-edge.invalid', caller: 'binding' };
    const cached = createSeenCache(settings.CACHE_SECONDS).before({ ...classifier, see }, scope);
    const rpc = createRpc(settings, cached, inFlightOf(settings));
    const picture = fresh();
    const { app } = caching();
    await ask(app, '/v1/classify', post(picture));
    const { text } = await known(app, '/v1/classify', post(picture));
    const first = await rpc.classify(picture);
    expect(see).toHaveBeenCalledOnce();
    await vi.waitFor(async () => {
      see.mockClear();
      expect(await rpc.classify(picture)).toEqual(first);
      expect(see).not.toHaveBeenCalled();
    });
    expect(first).toEqual({ ok: true, value: JSON.parse(text) });
    expect(await rpc.embed(picture)).toMatchObject({ ok: true });
    expect(see).not.toHaveBeenCalled();
  });

  it('is refused to a caller without a key all the same', async () => {
    const { app } = caching({ API_KEYS, ALLOW_ANONYMOUS: 'false' });
    const picture = fresh();
    await ask(app, '/v1/classify', post(picture, bearer(A)));
    await known(app, '/v1/classify', post(picture, bearer(A)));
    const refused = await app.request('/v1/classify', post(picture));
    expect([refused.status, refused.headers.get('cache-status')]).toEqual([401, null]);
  });

  it('is counted against the rate limit all the same', async () => {
    const { app } = caching({ RATE_LIMIT_REQUESTS: '100' });
    const picture = fresh();
    await ask(app, '/v1/classify', post(picture));
    await known(app, '/v1/classify', post(picture));
    const limit = vi.fn(async () => ({ success: false }));
    const response = await app.request('/v1/classify', post(picture), { RATE_LIMIT: { limit } });
    expect([response.status, response.headers.get('cache-status')]).toEqual([429, null]);
    expect(limit).toHaveBeenCalledOnce();
  });
});

describe('a batch', () => {
  it.each([
    { as: 'JSON', accept: 'application/json', status: PARTIAL },
    { as: 'lines', accept: 'application/x-ndjson', status: null },
  ])('as $as looks at what is new in it alone', async ({ accept, status }) => {
    const { app, see } = caching();
    const [one, two] = [fresh(), fresh()];
    await ask(app, '/v1/classify', post(one));
    await known(app, '/v1/classify', post(one));
    see.mockClear();
    const images = [one, two].map((bytes) => bytes.toBase64());
    const answer = await ask(app, '/v1/batch', post(JSON.stringify({ images }), { accept }));
    expect(answer.status).toBe(status);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(see).toHaveBeenCalledOnce();
    expect(see.mock.calls[0]?.[0]).toEqual(two);
    await known(app, '/v1/batch', post(JSON.stringify({ images })));
  });

  it('leaves the platform’s count of requests to its URLs', async () => {
    const name = crypto.randomUUID();
    const open = vi.fn(async () => caches.open(name));
    const { app, see } = caching({ URL_HOSTS: 'photos.test' }, open);
    const images = Array(4).fill({ url: 'https://photos.test/photo.jpg' });
    const batch = () => ask(app, '/v1/batch', post(JSON.stringify({ images })));
    expect((await batch()).status).toBe(BYPASS);
    expect(open).not.toHaveBeenCalled();
    expect(see).toHaveBeenCalledTimes(4);
    const one = { url: 'https://photos.test/photo.jpg' };
    expect((await ask(app, '/v1/batch', post(JSON.stringify({ images: [one] })))).status).toBe(MISS);
    await vi.waitFor(() => expect(open).toHaveBeenCalledTimes(2));
  });
});

describe('a failure', () => {
  it.each([
    ['half a picture', () => fresh().subarray(0, 4000), 422],
    ['a text', () => new TextEncoder().encode(`hello ${crypto.randomUUID()}`), 415],
  ])('of %s is not kept', async (_name, make, status) => {
    const { app, see } = caching();
    const bytes = make();
    for (let times = 1; times <= 2; times++) {
      const response = await app.request('/v1/classify', post(bytes));
      expect(response.status).toBe(status);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.has('cache-status')).toBe(false);
      expect(response.headers.has('etag')).toBe(false);
      expect(see).toHaveBeenCalledTimes(times);
    }
  });
});

describe('the decoder', () => {
  it('has nothing to do for a picture that is known', async () => {
    let decoded = 0;
    const decode: Decoder['decode'] = (...asked) => {
      decoded++;
      return decoder.decode(...asked);
    };
    const settings = readSettings({ ALLOW_ANONYMOUS: 'true', CACHE_SECONDS: '60' });
    const app = createApp(settings, createClassifier({ ...decoder, decode }, network));
    const picture = fresh();
    await ask(app, '/v1/classify', post(picture));
    const { text } = await known(app, '/v1/classify', post(picture));
    const before = decoded;
    expect(before).toBeGreaterThan(0);
    expect((await ask(app, '/v1/classify', post(picture))).text).toBe(text);
    expect(decoded).toBe(before);
  });
});
