/** `etag`, `cache-control` and 304 (RFC 9110 §13, RFC 9111). */
import { describe, expect, it } from 'vitest';
import { ask, caching, fresh, known } from '../cached.ts';
import { bearer, stored } from '../keys.ts';
import { post, service } from '../service.ts';

const KEY = 'mne_very-secret-key';
const keyed = { API_KEYS: await stored('partner', KEY), URL_HOSTS: 'photos.test' };
const app = service({ URL_HOSTS: 'photos.test', CACHE_SECONDS: '60', CORS_ORIGINS: '*' });

const URL_PATH = '/v1/classify?url=https://photos.test/photo.jpg';
const FACTS = ['/v1/labels', '/v1/model', '/v1/limits', '/openapi.json', '/docs'];

async function tagOf(path: string): Promise<string> {
  const { headers } = await ask(app, path, {});
  return headers.get('etag') ?? '';
}

/** Headers of a caller that has `tags` already; `*` matches any. */
function has(tags: string, headers: Record<string, string> = {}): RequestInit {
  return { headers: { 'if-none-match': tags, ...headers } };
}

describe('an answer', () => {
  it.each([URL_PATH, ...FACTS])(
    'GET %s has a strong tag, and is fresh for a minute to everybody',
    async (path) => {
      const { headers } = await ask(app, path, {});
      expect(headers.get('etag')).toMatch(/^"[0-9a-f]{64}"$/);
      expect(headers.get('cache-control')).toBe('public, max-age=60');
    },
  );

  it.each(['/v1/classify', '/v1/embed'])(
    'POST %s has a strong tag, and is nobody else’s to keep',
    async (path) => {
      const { headers } = await ask(app, path, post(fresh()));
      expect(headers.get('etag')).toMatch(/^"[0-9a-f]{64}"$/);
      expect(headers.get('cache-control')).toBe('no-store');
    },
  );

  it('has the same tag from every isolate, known or not, and by every way', async () => {
    const picture = fresh();
    const { headers } = await ask(service(), '/v1/classify', post(picture));
    const { app: isolate } = caching();
    const first = await ask(isolate, '/v1/classify?top_k=5', post(picture));
    const again = await known(
      caching().app,
      '/v1/classify',
      post(JSON.stringify({ image: picture.toBase64() })),
    );
    expect([first, again].map((answer) => answer.headers.get('etag'))).toEqual(
      Array(2).fill(headers.get('etag')),
    );
  });

  it('has another tag with other options, and as a vector', async () => {
    const picture = fresh();
    const paths = ['/v1/classify', '/v1/classify?top_k=4', '/v1/embed', '/v1/embed?encoding_format=base64'];
    const tags = await Promise.all(
      paths.map(async (path) => (await ask(app, path, post(picture))).headers.get('etag')),
    );
    expect(new Set(tags).size).toBe(paths.length);
  });

  it('is private where there are keys, and differs by key', async () => {
    const { headers } = await ask(service({ ...keyed, CACHE_SECONDS: '60' }), URL_PATH, {
      headers: bearer(KEY),
    });
    expect(headers.get('cache-control')).toBe('private, max-age=60');
    expect(headers.get('vary')).toBe('authorization, x-api-key');
  });

  it('is stale at once where nothing is kept', async () => {
    const { headers } = await ask(service({ URL_HOSTS: 'photos.test' }), URL_PATH, {});
    expect(headers.get('cache-control')).toBe('public, max-age=0');
  });

  it.each([
    ['GET', '/v1/classify?url=https://photos.test/status/404', 502],
    ['GET', '/v1/classify?url=https://elsewhere.test/a.jpg', 403],
    ['GET', '/v1/nothing', 404],
    ['DELETE', '/v1/labels', 405],
  ])('%s %s, a failure, has no tag and may not be kept', async (method, path, status) => {
    const response = await app.request(path, { method, ...has('*') });
    expect(response.status).toBe(status);
    expect(response.headers.has('etag')).toBe(false);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });
});

describe('a condition', () => {
  const OTHER = `"${'0'.repeat(64)}"`;

  it.each<{ name: string; condition: (tag: string) => string; status: number }>([
    { name: 'the tag', condition: (tag) => tag, status: 304 },
    { name: 'the tag made weak on the way', condition: (tag) => `W/${tag}`, status: 304 },
    { name: 'a list with it', condition: (tag) => `${OTHER}, W/"x,y" ,${tag}`, status: 304 },
    { name: 'anything', condition: () => '*', status: 304 },
    { name: 'another tag', condition: () => OTHER, status: 200 },
    { name: 'a list of others', condition: () => `${OTHER}, "*"`, status: 200 },
    { name: 'the tag without quotes', condition: (tag) => tag.slice(1, -1), status: 200 },
    { name: 'nothing', condition: () => '', status: 200 },
  ])('of GET: $name is answered with $status', async ({ condition, status }) => {
    for (const path of [URL_PATH, '/v1/model']) {
      const tag = await tagOf(path);
      const response = await app.request(path, has(condition(tag), { 'x-request-id': 'the-request' }));
      expect(response.status).toBe(status);
      const { headers } = response;
      expect(headers.get('etag')).toBe(tag);
      expect(headers.get('cache-control')).toBe('public, max-age=60');
      expect(headers.get('x-request-id')).toBe('the-request');
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-expose-headers')).toContain('etag');
      expect(headers.has('content-type')).toBe(status === 200);
      expect((await response.text()) === '').toBe(status === 304);
    }
  });

  it('of HEAD is as of GET, and neither has a body', async () => {
    const tag = await tagOf(URL_PATH);
    for (const [condition, status] of [
      [tag, 304],
      [OTHER, 200],
    ] as const) {
      const response = await app.request(URL_PATH, { ...has(condition), method: 'HEAD' });
      expect(response.status).toBe(status);
      expect(response.headers.get('etag')).toBe(tag);
      expect(await response.text()).toBe('');
    }
  });

  it('of GET says what it depends on, where there are keys', async () => {
    const closed = service(keyed);
    const tag = await tagOf(URL_PATH);
    const response = await closed.request(URL_PATH, has(tag, bearer(KEY)));
    expect([response.status, response.headers.get('vary')]).toEqual([304, 'authorization, x-api-key']);
    // A condition does not bypass the guard.
    expect((await closed.request(URL_PATH, has(tag, bearer('mne_wrong')))).status).toBe(401);
  });

  it.each(['/v1/classify', '/v1/embed', '/hf'])('of POST %s is ignored', async (path) => {
    const picture = fresh();
    const { headers } = await ask(app, path, post(picture));
    for (const condition of ['*', headers.get('etag') ?? '*']) {
      const answer = await ask(app, path, post(picture, { 'if-none-match': condition }));
      expect(answer.text).not.toBe('');
    }
  });
});
