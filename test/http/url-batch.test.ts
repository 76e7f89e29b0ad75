/** Batches of URLs: how many are fetched at once, how long all may take, and what they hold meanwhile. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createApp, inFlightOf } from '../../src/http/app.ts';
import type { BatchLine } from '../../src/http/routes/batch.ts';
import { MAX_FETCHES_AT_ONCE } from '../../src/input/url/ahead.ts';
import { readSettings } from '../../src/settings.ts';
import { classifier, post } from '../service.ts';

const MIB = 2 ** 20;

function worker(env: Record<string, string> = {}, look = classifier.see) {
  const settings = readSettings({ ALLOW_ANONYMOUS: 'true', URL_HOSTS: 'photos.test', ...env });
  const inFlight = inFlightOf(settings);
  return { inFlight, app: createApp(settings, { ...classifier, see: look }, inFlight) };
}

async function outcomes(app: ReturnType<typeof worker>['app'], paths: readonly string[]): Promise<unknown[]> {
  const images = paths.map((path) => ({ url: `https://photos.test/${path}` }));
  const response = await app.request('/v1/batch', post(JSON.stringify({ images })));
  expect(response.status).toBe(200);
  const { results } = await response.json<{ results: BatchLine[] }>();
  return results.map((line) => ('result' in line ? line.result.predictions[0]?.label : line.error.code));
}

async function ask<T>(what: 'asked' | 'most'): Promise<T> {
  return (await fetch(`http://witness.test/${what}`)).json();
}

beforeEach(() => ask('asked'));

describe('a batch of URLs', () => {
  it('is fetched a few at a time, and answered in order', async () => {
    const { app, inFlight } = worker();
    await ask('most');
    const slow = Array<string>(3 * MAX_FETCHES_AT_ONCE).fill('slow/200');
    expect(await outcomes(app, ['photo.jpg', ...slow, 'html', 'slow/1'])).toEqual([
      'crossword puzzle',
      ...slow.map(() => 'crossword puzzle'),
      'image_format_unsupported',
      'crossword puzzle',
    ]);
    expect(await ask('most')).toBe(MAX_FETCHES_AT_ONCE);
    expect(inFlight.bytes()).toBe(0);
  });

  it('of 32 that hang is over after the time for all of them', async () => {
    const { app, inFlight } = worker({ URL_TIMEOUT_SECONDS: '1', URL_BATCH_TIMEOUT_SECONDS: '2' });
    const start = Date.now();
    const codes = await outcomes(app, Array<string>(32).fill('hang'));
    expect(Date.now() - start).toBeLessThan(6000);
    expect(codes[0]).toBe('url_fetch_too_slow');
    expect(codes.at(-1)).toBe('url_batch_too_slow');
    const alone = codes.filter((code) => code === 'url_fetch_too_slow').length;
    expect(alone).toBeGreaterThanOrEqual(MAX_FETCHES_AT_ONCE);
    expect(codes.filter((code) => code === 'url_batch_too_slow')).toHaveLength(32 - alone);
    expect((await ask<string[]>('asked')).length).toBeLessThanOrEqual(3 * MAX_FETCHES_AT_ONCE);
    expect(inFlight.bytes()).toBe(0);
  });

  it('loses none of the others to one that hangs', async () => {
    const { app } = worker({ URL_TIMEOUT_SECONDS: '1' });
    expect(await outcomes(app, ['photo.jpg', 'hang', 'photo.jpg', 'status/500', 'photo.jpg'])).toEqual([
      'crossword puzzle',
      'url_fetch_too_slow',
      'crossword puzzle',
      'url_fetch_failed',
      'crossword puzzle',
    ]);
  });

  it('of large files holds one and little more, and asks for few of them twice', async () => {
    let most = 0;
    const { app, inFlight } = worker({}, (bytes) => {
      most = Math.max(most, inFlight.bytes());
      return classifier.see(bytes);
    });
    const paths = Array<string>(8).fill('padded/3');
    expect(await outcomes(app, paths)).toEqual(paths.map(() => 'crossword puzzle'));
    expect(most).toBeGreaterThan(3 * MIB);
    expect(most).toBeLessThan(8 * MIB);
    expect((await ask<string[]>('asked')).length).toBeLessThanOrEqual(paths.length + MAX_FETCHES_AT_ONCE);
    expect(inFlight.bytes()).toBe(0);
  });
});
