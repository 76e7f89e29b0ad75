import { describe, expect, it } from 'vitest';
import { bearer, stored } from '../keys.ts';
import { post, service } from '../service.ts';

const FIRST = 'mne_first-key';
const SECOND = 'mne_second-key';
const API_KEYS = `${await stored('first', FIRST)}, ${await stored('second', SECOND)}`;

const closed = service({ ALLOW_ANONYMOUS: 'false' });
const keyed = service({ ALLOW_ANONYMOUS: 'false', API_KEYS });
const both = service({ API_KEYS });
const open = service();

/** Without a body, the guarded route answers 400 and costs nothing. */
const LET_IN = 400;

describe('callers', () => {
  it.each([
    { app: closed, where: 'closed', who: 'nobody', headers: {}, status: 401, code: 'anonymous_refused' },
    {
      app: closed,
      where: 'closed',
      who: 'a key',
      headers: bearer(FIRST),
      status: 401,
      code: 'anonymous_refused',
    },
    { app: keyed, where: 'with keys', who: 'nobody', headers: {}, status: 401, code: 'anonymous_refused' },
    { app: keyed, where: 'with keys', who: 'a bearer', headers: bearer(FIRST), status: LET_IN },
    { app: keyed, where: 'with keys', who: 'another', headers: bearer(SECOND), status: LET_IN },
    { app: keyed, where: 'with keys', who: 'x-api-key', headers: { 'x-api-key': SECOND }, status: LET_IN },
    {
      app: keyed,
      where: 'with keys',
      who: 'x-api-key beside a bearer of something else',
      headers: { 'x-api-key': FIRST, authorization: 'Bearer other' },
      status: LET_IN,
    },
    {
      app: keyed,
      where: 'with keys',
      who: 'lower case',
      headers: { authorization: `bearer ${FIRST}` },
      status: LET_IN,
    },
    {
      app: keyed,
      where: 'with keys',
      who: 'basic',
      headers: { authorization: 'Basic eDp5' },
      status: 401,
      code: 'anonymous_refused',
    },
    {
      app: keyed,
      where: 'with keys',
      who: 'a wrong key',
      headers: bearer('wrong'),
      status: 401,
      code: 'key_wrong',
    },
    {
      app: keyed,
      where: 'with keys',
      who: 'half a key',
      headers: bearer(FIRST.slice(0, -1)),
      status: 401,
      code: 'key_wrong',
    },
    {
      app: keyed,
      where: 'with keys',
      who: 'the hash',
      headers: bearer(API_KEYS.slice(6, 70)),
      status: 401,
      code: 'key_wrong',
    },
    { app: both, where: 'with keys and open', who: 'nobody', headers: {}, status: LET_IN },
    { app: both, where: 'with keys and open', who: 'a key', headers: bearer(FIRST), status: LET_IN },
    {
      app: both,
      where: 'with keys and open',
      who: 'a wrong key',
      headers: bearer('wrong'),
      status: 401,
      code: 'key_wrong',
    },
    {
      app: open,
      where: 'open',
      who: 'a key of another service',
      headers: bearer('hf_token'),
      status: LET_IN,
    },
  ])('$where, $who: $status $code', async ({ app, headers, status, code }) => {
    const response = await app.request('/v1/classify', { method: 'POST', headers });
    expect(response.status).toBe(status);
    if (code !== undefined) {
      expect(await response.json()).toMatchObject({ code });
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  it.each([
    [closed, ['npm run key', 'API_KEYS', 'ALLOW_ANONYMOUS']],
    [keyed, ['Authorization: Bearer', 'x-api-key']],
  ])('are told what to do', async (app, texts) => {
    const response = await app.request('/v1/classify', { method: 'POST' });
    const { detail } = await response.json<{ detail: string }>();
    for (const text of texts) expect(detail).toContain(text);
  });
});

describe('routes', () => {
  const routes = open.routes.filter(({ method }) => method !== 'ALL');
  const posted = [...new Set(routes.filter(({ method }) => method === 'POST').map(({ path }) => path))];

  it.each(posted)('POST %s is guarded', async (pattern) => {
    // Each parameter is `x`, with the method at the end that a TensorFlow Serving pattern has.
    const path = pattern.replace(
      /:\w+(?:\{([^}]*)\})?/g,
      (_, inner = '') => `x${/:\w+$/.exec(inner)?.[0] ?? ''}`,
    );
    expect((await closed.request(path, post('x'))).status).toBe(401);
  });

  it('fetches no URL for nobody', async () => {
    expect((await closed.request('/v1/classify?url=https://example.com/a.jpg')).status).toBe(401);
  });

  it.each(['/healthz', '/docs', '/openapi.json', '/v1/labels', '/v1/model', '/v1/limits', '/v2/health/live'])(
    'GET %s is public',
    async (path) => {
      expect((await keyed.request(path)).status).toBe(200);
    },
  );
});

describe('wrong keys', () => {
  /** Replaces the binding: lets two requests of each address pass. */
  function counter() {
    const seen = new Map<string, number>();
    return {
      limit: async ({ key }: { key: string }) => {
        seen.set(key, (seen.get(key) ?? 0) + 1);
        return { success: (seen.get(key) ?? 0) <= 2 };
      },
    };
  }

  it('are throttled by address, and lock no other caller out', async () => {
    const env = { KEY_FAILURES: counter() };
    const ask = async (key: string, address: string) => {
      const headers = { ...bearer(key), 'cf-connecting-ip': address };
      return keyed.request('/v1/classify', { method: 'POST', headers }, env);
    };
    expect((await ask('wrong', '192.0.2.1')).status).toBe(401);
    expect((await ask('wronger', '192.0.2.1')).status).toBe(401);
    const third = await ask('wrongest', '192.0.2.1');
    expect(third.status).toBe(429);
    expect(third.headers.get('retry-after')).toBe('60');
    expect(await third.json()).toMatchObject({ code: 'key_throttled' });
    expect((await ask('wrong', '192.0.2.2')).status).toBe(401);
    expect((await ask(FIRST, '192.0.2.1')).status).toBe(LET_IN);
  });
});
