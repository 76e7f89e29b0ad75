/**
 * Pictures by URL through the whole service. `test/origin.ts` answers for every host; `test/input/url.test.ts` has what
 * the guard refuses by address.
 */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Classification, Embedding } from '../../src/answer.ts';
import type { BatchLine } from '../../src/http/routes/batch.ts';
import { createUrlInput, urlInputIsOn } from '../../src/http/url-input.ts';
import { createInFlight } from '../../src/input/in-flight.ts';
import { createImageFetch } from '../../src/input/url/fetch.ts';
import { fetchIsStrictlyPublic } from '../../src/input/url/strictly-public.ts';
import { readSettings } from '../../src/settings.ts';
import { post, service } from '../service.ts';

/** Text in the origin's bodies that no caller may see. */
const SECRET = 'root:x:0:0';

const HOSTS = { URL_HOSTS: 'photos.test, *.cdn.test, other.test:8443, bücher.example' };
const app = service(HOSTS);
const hasty = service({ ...HOSTS, URL_TIMEOUT_SECONDS: '1' });
const small = service({ ...HOSTS, MAX_IMAGE_BYTES: '4096' });

function classifyUrl(url: string, by = app): Promise<Response> {
  return Promise.resolve(by.request(`/v1/classify?url=${encodeURIComponent(url)}`));
}

async function asked(): Promise<string[]> {
  return (await fetch('http://witness.test/asked')).json();
}

async function problemOf(response: Response): Promise<{ code: string; detail: string; status: number }> {
  const text = await response.text();
  expect(text).not.toContain(SECRET);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return JSON.parse(text);
}

beforeEach(asked);

describe('a picture by URL', () => {
  it('is classified, named in the query or in JSON', async () => {
    const url = 'https://photos.test/photo.jpg?token=abc#part';
    const get = await classifyUrl(url);
    expect(get.status).toBe(200);
    const answer = await get.json<Classification>();
    expect(answer.predictions[0]?.label).toBe('crossword puzzle');
    const json = await app.request('/v1/classify', post(JSON.stringify({ url })));
    expect(await json.json()).toEqual(answer);
    expect(await asked()).toEqual(Array(2).fill('https://photos.test/photo.jpg?token=abc'));
  });

  it('takes options as a body does', async () => {
    const url = 'https://photos.test/photo.jpg';
    const get = await app.request(`/v1/classify?top_k=2&url=${url}`);
    expect((await get.json<Classification>()).predictions).toHaveLength(2);
    const json = await app.request('/v1/classify', post(JSON.stringify({ url, top_k: 1 })));
    expect((await json.json<Classification>()).predictions).toHaveLength(1);
    await asked();
    expect((await app.request(`/v1/classify?top_k=0&url=${url}`)).status).toBe(400);
    expect(await asked()).toEqual([]);
  });

  it('is embedded', async () => {
    const response = await app.request('/v1/embed', post('{"url": "https://photos.test/photo.jpg"}'));
    expect((await response.json<Embedding>()).embedding).toHaveLength(1024);
  });

  it('stands in a batch, and fails there alone', async () => {
    const urls = ['/photo.jpg', '/status/404', '/html', '/photo.jpg'].map((path) => ({
      url: `https://photos.test${path}`,
    }));
    const images = [...urls, { url: 'https://elsewhere.test/' }, { url: 'http://photos.test/photo.jpg' }];
    const response = await app.request('/v1/batch', post(JSON.stringify({ images })));
    expect(response.status).toBe(200);
    const { results } = await response.json<{ results: BatchLine[] }>();
    expect(
      results.map((line) => ('result' in line ? line.result.predictions[0]?.label : line.error.code)),
    ).toEqual([
      'crossword puzzle',
      'url_fetch_failed',
      'image_format_unsupported',
      'crossword puzzle',
      'url_host_not_allowed',
      'url_scheme_not_allowed',
    ]);
  });

  it.each([
    'https://photos.test/gzip',
    'https://photos.test/redirect/1',
    'https://photos.test/redirect/3',
    'https://photos.test/to/301?https%3A%2F%2Fa.cdn.test%2Fphoto.jpg',
    'https://photos.test/to/308?/photo.jpg',
    'https://photos.test:443/photo.jpg',
    'https://photos.test./photo.jpg',
    'https://PHOTOS.test/photo.jpg',
    'https://a.b.cdn.test/photo.jpg',
    'https://other.test:8443/photo.jpg',
    'https://xn--bcher-kva.example/photo.jpg',
    'https://BÜCHER.example/photo.jpg',
  ])('%s', async (url) => {
    const response = await classifyUrl(url);
    expect(response.status, await response.clone().text()).toBe(200);
  });
});

describe('what the allow-list keeps out', () => {
  it.each([
    'https://elsewhere.test/photo.jpg',
    'https://cdn.test/photo.jpg',
    'https://a.cdn.test.evil.example/photo.jpg',
    'https://acdn.test/photo.jpg',
    'https://photos.test.evil.example/photo.jpg',
    'https://xphotos.test/photo.jpg',
    'https://photosxtest.example/photo.jpg',
    'https://photos.test:8443/photo.jpg',
    'https://photos.test:22/photo.jpg',
    'https://other.test/photo.jpg',
    'https://evil.example/photos.test',
    'https://evil.example\\@photos.test/photo.jpg',
    'https://1.1.1.1/photo.jpg',
  ])('%s', async (url) => {
    const problem = await problemOf(await classifyUrl(url));
    expect(problem).toMatchObject({ status: 403, code: 'url_host_not_allowed' });
    expect(problem.detail).toContain(new URL(url).host);
    expect(problem.detail).toContain('/v1/limits');
    const hop = `https://photos.test/to/302?${encodeURIComponent(url)}`;
    const redirected = await problemOf(await classifyUrl(hop));
    expect(redirected).toMatchObject({ status: 403, code: 'url_host_not_allowed' });
    expect(redirected.detail).toContain('redirects');
    expect(redirected.detail).not.toContain(new URL(url).hostname);
    expect(await asked()).toEqual([new URL(hop).href]);
  });

  it('nothing when it is empty', async () => {
    const off = service({ URL_HOSTS: ' , ' });
    expect(await problemOf(await classifyUrl('https://photos.test/photo.jpg', off))).toMatchObject({
      status: 403,
      code: 'url_input_off',
    });
    expect(await asked()).toEqual([]);
  });

  it('is for callers who may use the service at all', async () => {
    const closed = service({ ...HOSTS, ALLOW_ANONYMOUS: 'false' });
    expect((await classifyUrl('https://photos.test/photo.jpg', closed)).status).toBe(401);
    expect(await asked()).toEqual([]);
  });

  it('is listed with the limits', async () => {
    expect(await (await hasty.request('/v1/limits')).json()).toMatchObject({
      url: {
        enabled: true,
        hosts: ['photos.test', '*.cdn.test', 'other.test:8443', 'xn--bcher-kva.example'],
        schemes: ['https'],
        max_bytes: 20 * 1024 * 1024,
        max_redirects: 3,
        timeout_seconds: 1,
        batch_timeout_seconds: 60,
      },
    });
    expect(await (await service().request('/v1/limits')).json()).toMatchObject({
      url: { enabled: false, hosts: [] },
    });
  });
});

describe('origins that do not deliver', () => {
  it.each([
    ['/status/206', 502, 'url_fetch_failed', 'a part of the file'],
    ['/status/404', 502, 'url_fetch_failed', '404'],
    ['/status/500', 502, 'url_fetch_failed', '500'],
    ['/status/401', 502, 'url_fetch_failed', '401'],
    ['/status/300', 502, 'url_fetch_failed', '300'],
    ['/status/302', 502, 'url_fetch_failed', '302'],
    ['/empty/200', 502, 'url_fetch_failed', 'no bytes'],
    ['/empty/204', 502, 'url_fetch_failed', 'no bytes'],
    ['/redirect/4', 502, 'url_fetch_failed', 'more than 3'],
    ['/to/302?https%3A%2F%2F%3A', 502, 'url_fetch_failed', 'not a URL'],
    ['/to/302?https%3A%2F%2Fa%3Ab%40photos.test', 502, 'url_fetch_failed', 'user name'],
    ['/to/302?http%3A%2F%2F127.0.0.1%2Fphoto.jpg', 403, 'url_scheme_not_allowed', 'https'],
    ['/to/302?https%3A%2F%2F127.0.0.1%2Fphoto.jpg', 403, 'url_address_refused', 'not a public address'],
    ['/to/302?file%3A%2F%2F%2Fetc%2Fpasswd', 403, 'url_scheme_not_allowed', 'https'],
    ['/html', 415, 'image_format_unsupported', 'JPEG'],
    ['/says/100000000', 413, 'url_file_too_large', '20 MiB'],
    ['/says/4000', 422, 'image_unreadable', 'JPEG'],
  ])('%s: %d %s', async (path, status, code, says) => {
    const problem = await problemOf(await classifyUrl(`https://photos.test${path}`));
    expect(problem).toMatchObject({ status, code });
    expect(problem.detail).toContain(says);
    expect(problem.detail).not.toContain('127.0.0.1');
  });

  it.each([
    ['/photo.jpg', 'a file'],
    ['/gzip', 'a compressed file'],
    ['/bomb', 'a megabyte in a kilobyte'],
    ['/endless', 'a stream without end'],
  ])('%s: 413, %s over the limit', async (path) => {
    const problem = await problemOf(await classifyUrl(`https://photos.test${path}`, small));
    expect(problem).toMatchObject({ status: 413, code: 'url_file_too_large' });
    expect(problem.detail).toContain('4096');
  });

  it.each([
    ['/hang', 'never answers'],
    ['/stall', 'sends half'],
    ['/trickle', 'sends a byte a second'],
    ['/says/10000000', 'says it has more than it sends'],
    ['/to/302?/hang', 'redirects to what never answers'],
  ])('%s: 504 within the time-out, %s', async (path) => {
    const start = Date.now();
    const problem = await problemOf(await classifyUrl(`https://photos.test${path}`, hasty));
    expect(problem).toMatchObject({ status: 504, code: 'url_fetch_too_slow' });
    expect(problem.detail).toContain('1 seconds');
    expect(Date.now() - start).toBeLessThan(3000);
  });
});

describe('faults that no origin in a test can make', () => {
  const hold = createInFlight(1024 * 1024, 60_000).open();
  const settings = readSettings(HOSTS);

  function faulty(fetch: typeof globalThis.fetch) {
    const limits = { hosts: settings.URL_HOSTS, allowHttp: false, maxBytes: 100_000, timeoutSeconds: 1 };
    return createImageFetch(limits, fetch)('https://photos.test/photo.jpg?token=abc', hold);
  }

  it('a host that is not there: 502, and not the error of the network', async () => {
    const result = await faulty(() => Promise.reject(new Error(`connect ${SECRET}`)));
    expect(result).toEqual({
      ok: false,
      failure: { code: 'url_fetch_failed', reason: 'could not be reached' },
    });
  });

  it('a connection that breaks in the middle: 502', async () => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array([0xff])),
      pull: (controller) => controller.error(new Error(SECRET)),
    });
    const result = await faulty(async () => new Response(body));
    expect(result).toMatchObject({ failure: { code: 'url_fetch_failed' } });
    expect(JSON.stringify(result)).not.toContain(SECRET);
  });

  it('a body that does not heed the time-out', async () => {
    const result = await faulty(async () => new Response(new ReadableStream()));
    expect(result).toMatchObject({ failure: { code: 'url_fetch_too_slow' } });
  });

  it('asks for redirects to be left to it, and sends nothing of the caller along', async () => {
    let init: RequestInit | undefined;
    await faulty(async (_, given) => {
      init = given;
      return new Response(null, { status: 404 });
    });
    expect(init?.redirect).toBe('manual');
    expect(init?.signal).toBeInstanceOf(AbortSignal);
    expect(init?.headers).toEqual({ accept: 'image/*', 'user-agent': 'mobilenet-edge' });
  });
});

describe('the log', () => {
  it.each(['/photo.jpg', '/status/500', '/hang', '/to/302?https://127.0.0.1'])(
    'holds nothing of the URL: %s',
    async (path) => {
      const lines: string[] = [];
      const note = (...said: unknown[]) => void lines.push(said.map(String).join(' '));
      const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((method) =>
        vi.spyOn(console, method).mockImplementation(note),
      );
      await classifyUrl(`https://photos.test${path}${path.includes('?') ? '&' : '?'}token=abc`, hasty);
      for (const spy of spies) spy.mockRestore();
      expect(lines.join('\n')).toContain('/v1/classify');
      expect(lines.join('\n')).not.toMatch(/token|photos\.test|127\.0/);
    },
  );
});

describe("the platform's part", () => {
  it('is asked for in wrangler.toml', () => {
    expect(Cloudflare.compatibilityFlags.global_fetch_strictly_public).toBe(true);
    expect(fetchIsStrictlyPublic()).toBe(true);
    expect(fetchIsStrictlyPublic({})).toBe(false);
    expect(fetchIsStrictlyPublic({ global_fetch_strictly_public: false })).toBe(false);
  });

  it('is done, or nothing is fetched', async () => {
    const hold = createInFlight(1024 * 1024, 60_000).open();
    const settings = readSettings(HOSTS);
    expect(urlInputIsOn(settings, false)).toBe(false);
    const fetchImage = createUrlInput(settings, false);
    const result = await fetchImage('https://photos.test/photo.jpg', hold);
    expect(result).toEqual({ ok: false, failure: { code: 'url_input_off' } });
    expect(await asked()).toEqual([]);
  });
});
