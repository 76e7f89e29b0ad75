import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApp } from '../../src/http/app.ts';
import { createMisconfiguredApp } from '../../src/http/misconfigured.ts';
import { readSettings, SettingsError } from '../../src/settings.ts';
import { ask, caching, fresh, known } from '../cached.ts';
import { bearer, stored } from '../keys.ts';
import { provided } from '../pictures/provided.ts';
import { classifier, post, service } from '../service.ts';

const KEY = 'mne_very-secret-key';
const API_KEYS = await stored('partner', KEY);
const photo = provided('golf-ball.jpeg-420');
const base64 = photo.toBase64();
const app = service({ API_KEYS });
const ID = { 'x-request-id': 'the-request' };

/** Everything that was written to any console method since the test began. */
let written: string[] = [];

beforeEach(() => {
  written = [];
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((...values) => void written.push(values.join(' ')));
  }
});
afterEach(() => vi.restoreAllMocks());

function lines(): Record<string, unknown>[] {
  return written.filter((text) => text.includes('"route"')).map((text) => JSON.parse(text));
}

describe('the log', () => {
  it.each([
    {
      name: 'a picture with a key',
      path: '/v1/classify?top_k=3&labels.include=golf%20ball',
      init: post(photo, { ...bearer(KEY), ...ID }),
      line: {
        request_id: 'the-request',
        method: 'POST',
        route: '/v1/classify',
        status: 200,
        caller: 'partner',
        format: 'jpeg',
        bytes: photo.byteLength,
        pixels: 320 * 240,
        pictures: 1,
        cache: 'bypass',
        decoder: 'planes',
      },
    },
    {
      name: 'base64 from nobody',
      path: '/v1/embed?encoding_format=base64',
      init: post(JSON.stringify({ image: base64 }), ID),
      line: {
        request_id: 'the-request',
        method: 'POST',
        route: '/v1/embed',
        status: 200,
        caller: 'anonymous',
        format: 'jpeg',
        bytes: base64.length + 12,
        pixels: 320 * 240,
        pictures: 1,
        cache: 'bypass',
        decoder: 'planes',
      },
    },
    {
      name: 'a wrong key',
      path: '/v1/classify',
      init: post(photo, { ...bearer('mne_wrong'), ...ID }),
      line: {
        request_id: 'the-request',
        method: 'POST',
        route: '/v1/classify',
        status: 401,
        code: 'key_wrong',
        bytes: 0,
        pixels: 0,
        pictures: 0,
      },
    },
    {
      name: 'a URL',
      path: '/v1/classify?url=https://user:pass@example.com/very-secret-path',
      init: { headers: ID },
      line: {
        request_id: 'the-request',
        method: 'GET',
        route: '/v1/classify',
        status: 403,
        caller: 'anonymous',
        code: 'url_input_off',
        bytes: 0,
        pixels: 0,
        pictures: 0,
      },
    },
    {
      name: 'an unknown path',
      path: '/very-secret-path',
      init: { headers: ID },
      line: {
        request_id: 'the-request',
        method: 'GET',
        route: 'none',
        status: 404,
        code: 'route_unknown',
        bytes: 0,
        pixels: 0,
        pictures: 0,
      },
    },
    {
      name: 'a wrong method',
      path: '/v1/embed',
      init: { method: 'DELETE', headers: ID },
      line: {
        request_id: 'the-request',
        method: 'DELETE',
        route: 'none',
        status: 405,
        code: 'method_not_allowed',
        bytes: 0,
        pixels: 0,
        pictures: 0,
      },
    },
    {
      name: 'a dialect',
      path: '/client/v4/accounts/very-secret-account/ai/run/@cf/microsoft/resnet-50',
      init: post('hello', ID),
      line: {
        request_id: 'the-request',
        method: 'POST',
        route: '/client/v4/accounts/:account/ai/run/:model{.+}',
        status: 415,
        caller: 'anonymous',
        code: 'image_format_unsupported',
        bytes: 5,
        pixels: 0,
        pictures: 0,
      },
    },
  ])('has one line for $name, and nothing of what it was about', async ({ path, init, line }) => {
    const headers = { 'cf-connecting-ip': '192.0.2.77', 'user-agent': 'very-secret-agent', ...init.headers };
    const response = await app.request(path, { ...init, headers });
    await response.arrayBuffer();
    expect(lines()).toEqual([line]);
    const all = written.join('\n');
    const address = new URL(path, 'https://example.com');
    const hash = API_KEYS.split(':')[1] ?? '';
    for (const secret of [KEY, 'mne_', hash, 'very-secret', '192.0.2.77', 'user:pass', base64.slice(0, 40)]) {
      expect(all).not.toContain(secret);
    }
    for (const value of address.searchParams.values()) if (value.length > 3) expect(all).not.toContain(value);
  });

  it.each([
    ['JSON', {}],
    ['lines', { accept: 'application/x-ndjson' }],
  ])('has one line for a batch as %s, when it is over', async (_name, headers) => {
    const body = new FormData();
    for (const file of [photo, provided('crossword.png-rgb8'), 'hello'])
      body.append('image', new File([file], 'very-secret-name'));
    const response = await app.request('/v1/batch', { method: 'POST', body, headers });
    await response.arrayBuffer();
    await vi.waitFor(() => expect(lines()).toHaveLength(1));
    expect(lines()).toMatchObject([
      {
        route: '/v1/batch',
        status: 200,
        format: 'several',
        pictures: 2,
        pixels: 2 * 320 * 240,
        decoder: 'several',
      },
    ]);
    expect(Number(lines()[0]?.bytes)).toBeGreaterThan(photo.byteLength);
    expect(written.join('\n')).not.toContain('very-secret');
  });

  it('has the fault of ours in full, under the id of the request', async () => {
    const faulty = createApp(readSettings({ ALLOW_ANONYMOUS: 'true', CACHE_SECONDS: '0' }), {
      ...classifier,
      see: () => Promise.reject(new Error('out of order')),
    });
    const response = await faulty.request('/v1/classify', post(photo, ID));
    expect(await response.text()).not.toContain('out of order');
    expect(written.map((text) => JSON.parse(text))).toEqual([
      expect.objectContaining({ warning: expect.stringContaining('RATE_LIMIT') }),
      expect.objectContaining({ request_id: 'the-request', error: 'out of order' }),
      expect.objectContaining({ request_id: 'the-request', status: 500, code: 'internal' }),
    ]);
  });

  it('says what was known, and has no decoder for it', async () => {
    const { app: keeping } = caching();
    const [one, two] = [fresh(), fresh(provided('spider-web.jpeg-420'))];
    await keeping.request('/v1/classify', post(one));
    await known(keeping, '/v1/classify', post(one));
    await ask(keeping, '/v1/batch', post(JSON.stringify({ images: [one.toBase64(), two.toBase64()] })));
    const all = lines();
    expect(all.at(0)).toMatchObject({ cache: 'miss', decoder: 'planes', pixels: 320 * 240, pictures: 1 });
    expect(all.at(-2)).toMatchObject({ cache: 'hit', format: 'jpeg', pixels: 320 * 240, pictures: 1 });
    expect(all.at(-2)).not.toHaveProperty('decoder');
    expect(all.at(-1)).toMatchObject({ cache: 'several', decoder: 'planes', pictures: 2 });
  });

  it('says which version of the code it was, where the platform tells', async () => {
    const points: AnalyticsEngineDataPoint[] = [];
    const bindings = {
      ANALYTICS: { writeDataPoint: (point: AnalyticsEngineDataPoint) => void points.push(point) },
      CF_VERSION_METADATA: { id: 'the-version', tag: 'the-tag', timestamp: '2026-01-01T00:00:00Z' },
    };
    const health = await app.request('/healthz', {}, bindings);
    expect(await health.json()).toEqual({ status: 'ok', version: 'the-version' });
    expect(lines()).toEqual([expect.objectContaining({ route: '/healthz', version: 'the-version' })]);
    expect(points[0]?.blobs?.at(-1)).toBe('the-version');
  });

  it('sends a data point where there is a dataset', async () => {
    const points: AnalyticsEngineDataPoint[] = [];
    const ANALYTICS = { writeDataPoint: (point: AnalyticsEngineDataPoint) => void points.push(point) };
    await app.request('/v1/classify', post(photo, bearer(KEY)), { ANALYTICS });
    expect(points).toEqual([
      {
        indexes: ['partner'],
        blobs: ['/v1/classify', 'POST', '', 'jpeg', 'bypass', 'planes', ''],
        doubles: [200, photo.byteLength, 320 * 240, 1],
      },
    ]);
  });
});

describe('a wrong setting', () => {
  it.each([
    ['MAX_IMAGE_BYTES', 'very-secret'],
    ['API_KEYS', 'partner:very-secret'],
    ['API_KEYS', `anonymous:${'0'.repeat(64)}`],
    ['API_KEYS', KEY],
    ['CORS_ORIGINS', 'very-secret'],
    ['MAX_INFLIGHT_BYTES', '4096'],
  ])('%s = %s is in the log by its name, and in no answer', async (name, value) => {
    let thrown: unknown;
    try {
      readSettings({ [name]: value });
    } catch (error) {
      thrown = error;
    }
    if (!(thrown instanceof SettingsError)) throw new Error('not refused');
    const wrong = createMisconfiguredApp(thrown);
    const response = await wrong.request('/v1/labels?very-secret', { headers: ID });
    expect(response.status).toBe(500);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    const answer = await response.text();
    expect(JSON.parse(answer)).toMatchObject({ code: 'internal', request_id: 'the-request' });
    expect(answer).not.toContain(name);
    const all = written.join('\n');
    expect(all).toContain(`${name} must be`);
    for (const secret of ['very-secret', 'mne_', '0'.repeat(64)]) expect(all + answer).not.toContain(secret);
  });
});
