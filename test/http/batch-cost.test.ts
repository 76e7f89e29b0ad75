/** The budget of a batch: pictures beyond it fail one by one, in every form of a batch. */
import { describe, expect, it } from 'vitest';
import { createSeenCache } from '../../src/cache/seen-cache.ts';
import { collectionsOf } from '../../src/collections/collections.ts';
import { createApp, inFlightOf } from '../../src/http/app.ts';
import { MAX_BATCH_UNITS, MAX_HEIC_UNITS, UNIT_MILLISECONDS } from '../../src/image/ways/time.ts';
import { createRpc } from '../../src/rpc/rpc.ts';
import { readSettings } from '../../src/settings.ts';
import wrangler from '../../wrangler.toml?raw';
import { provided } from '../pictures/provided.ts';
import { COLLECTIONS, classifier, post, service } from '../service.ts';

const photo = provided('crossword.jpeg-420');
const large = provided('8mp.png-rgb8');
const COUNT = 5;
/** A photo costs at most a unit and more than half of one: two fit, four do not. */
const SMALL = { MAX_BATCH_UNITS: '2' };

interface Line {
  readonly index: number;
  readonly result?: object;
  readonly error?: { readonly code: string; readonly status: number; readonly detail: string };
}

const images = Array<string>(COUNT).fill(photo.toBase64());

function form(...files: readonly Uint8Array[]): FormData {
  const data = new FormData();
  for (const file of files) data.append('image', new File([file], 'photo'));
  return data;
}

async function linesOf(response: Response): Promise<readonly Line[]> {
  expect(response.status).toBe(200);
  const text = await response.text();
  if (!response.headers.get('content-type')?.includes('ndjson')) return JSON.parse(text).results;
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function expectSomeRefused(lines: readonly Line[]): void {
  expect(lines.map(({ index }) => index)).toEqual(Array.from({ length: COUNT }, (_, i) => i));
  const codes = lines.map(({ error }) => error?.code);
  const answered = codes.indexOf('batch_too_costly');
  expect(answered).toBeGreaterThanOrEqual(2);
  expect(answered).toBeLessThan(4);
  expect(codes.slice(0, answered)).toEqual(Array(answered).fill(undefined));
  expect(codes.slice(answered)).toEqual(Array(COUNT - answered).fill('batch_too_costly'));
  const [refused] = lines.flatMap(({ error }) => error ?? []);
  expect(refused).toMatchObject({
    status: 413,
    detail: expect.stringContaining('of the 2 that a batch may cost'),
  });
}

describe('pictures that cost too much together fail one by one', () => {
  const app = service(SMALL);
  it.each(['/v1/batch', '/v1/embed/batch'])('%s', async (path) => {
    for (const headers of [{}, { accept: 'application/x-ndjson' }]) {
      expectSomeRefused(await linesOf(await app.request(path, post(JSON.stringify({ images }), headers))));
      const files = Array<Uint8Array>(COUNT).fill(photo);
      expectSomeRefused(await linesOf(await app.request(path, post(form(...files), headers))));
    }
  });

  it.each(['batch', 'embedBatch'] as const)('by RPC: %s', async (method) => {
    const settings = readSettings(SMALL);
    const rpc = createRpc(settings, classifier, inFlightOf(settings));
    const results = await rpc[method](Array<Uint8Array>(COUNT).fill(photo));
    if (!results.ok) expect.fail(results.error.detail);
    const lines = results.value.map(
      (one, index): Line => (one.ok ? { index, result: {} } : { index, error: one.error }),
    );
    expectSomeRefused(lines);
  });

  it('by RPC: those that a collection is shown', async () => {
    const settings = readSettings(SMALL);
    const collections = collectionsOf(settings, COLLECTIONS);
    const rpc = createRpc(settings, classifier, inFlightOf(settings), collections);
    const collection = await rpc.collection('costly');
    expect(await collection.make()).toMatchObject({ ok: true });
    const results = await collection.add(Array<Uint8Array>(COUNT).fill(photo), { label: 'crossword' });
    if (!results.ok) expect.fail(results.error.detail);
    const lines = results.value.map(
      (one, index): Line => (one.ok ? { index, result: {} } : { index, error: one.error }),
    );
    expectSomeRefused(lines);
  });

  it('and all at once where a dialect has one answer for all', async () => {
    const instances = images.map((b64) => ({ b64 }));
    const response = await app.request(
      '/tf/v1/models/mobilenet_v3_small_100_224:predict',
      post(JSON.stringify({ instances })),
    );
    expect(response.status).toBe(413);
  });
});

it('one that is cheap enough for what is left is answered behind one that is not', async () => {
  const app = service({ MAX_BATCH_UNITS: '6' });
  const lines = await linesOf(await app.request('/v1/batch', post(form(photo, large, photo))));
  expect(lines.map(({ error }) => error?.code)).toEqual([undefined, 'batch_too_costly', undefined]);
});

it('the first may cost as much as any', async () => {
  const app = service({ MAX_BATCH_UNITS: '1' });
  const lines = await linesOf(await app.request('/v1/batch', post(form(large, photo))));
  expect(lines.map(({ error }) => error?.code)).toEqual([undefined, 'batch_too_costly']);
});

it('a picture that was seen before costs little', async () => {
  const settings = readSettings({ ALLOW_ANONYMOUS: 'true', ...SMALL });
  const cache = createSeenCache(settings.CACHE_SECONDS);
  const app = createApp(settings, classifier, inFlightOf(settings), cache);
  const own = new Uint8Array([...photo, 1, 2, 3, 4, 5, 6, 7]);
  expect((await app.request('/v1/classify', post(own))).status).toBe(200);
  await expect
    .poll(async () => (await app.request('/v1/classify', post(own))).headers.get('cache-status'))
    .toMatch(/hit/);
  const lines = await linesOf(
    await app.request('/v1/batch', post(form(...Array<Uint8Array>(COUNT).fill(own)))),
  );
  expect(lines.map(({ error }) => error?.code)).toEqual(Array(COUNT).fill(undefined));
  // Reading the header is counted nevertheless.
  const many = Array<Uint8Array>(20).fill(own);
  const codes = (await linesOf(await app.request('/v1/batch', post(form(...many))))).map(
    ({ error }) => error?.code,
  );
  expect(codes.at(-1)).toBe('batch_too_costly');
});

it('a batch takes at most half of the CPU time that a deployment allows a request', () => {
  const [, limit] = /cpu_ms = (\d+)/.exec(wrangler) ?? [];
  expect(MAX_BATCH_UNITS * UNIT_MILLISECONDS).toBeLessThanOrEqual(Number(limit) / 2);
  expect(MAX_HEIC_UNITS * UNIT_MILLISECONDS).toBeLessThanOrEqual(Number(limit));
});
