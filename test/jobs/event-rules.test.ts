/** JOBS_NEW_PICTURES: how it is parsed, what is done with new pictures, and that results never trigger it. */
import { createExecutionContext, createMessageBatch, getQueueResult, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectionsOf } from '../../src/collections/collections.ts';
import { createInFlight } from '../../src/input/in-flight.ts';
import { jobBindingsOf } from '../../src/jobs/bindings.ts';
import { createConsumer } from '../../src/jobs/consumer.ts';
import { checkEventRules } from '../../src/jobs/new-pictures.ts';
import { readSettings } from '../../src/settings.ts';
import { bearer, stored } from '../keys.ts';
import { provided } from '../pictures/provided.ts';
import { classifier, post, service } from '../service.ts';
import { ask, bound, bucket, start } from './callers.ts';

// Test files share the storage: this removes what others have left, and what these leave.
beforeEach(() => reset());
afterEach(() => reset());

const KEY = 'mne_loader';
const app = service({ ALLOW_ANONYMOUS_JOBS: 'true' });
const keyed = service({
  ALLOW_ANONYMOUS: 'false',
  API_KEYS: await stored('loader', KEY),
  KEY_RIGHTS: 'loader=teach',
});
const ball = provided('golf-ball.jpeg-420');
const crossword = provided('crossword.png-rgb8');

/** The message as Cloudflare documents it. */
function event(key: string) {
  return {
    account: '3f4b7e3dcab231cbfdaa90a6a28bd548',
    action: 'PutObject',
    bucket: 'pictures',
    object: { key, size: 65_536, eTag: 'c846ff7a18f28c2e262116d6e8719ef0' },
    eventTime: '2026-11-26T19:36:44.379Z',
  };
}

/** What the consumer does with the messages for these keys, and for everything that it puts into the bucket. */
async function arrive(rules: readonly object[], keys: readonly string[]): Promise<void> {
  const settings = readSettings({ JOBS_NEW_PICTURES: JSON.stringify(rules) });
  const consume = createConsumer({
    ...{ bindings: bound(jobBindingsOf(env)), classifier, settings },
    collections: collectionsOf(settings, env.COLLECTIONS),
    inFlight: createInFlight(24 * 2 ** 20, 60_000),
  });
  const told = new Set(keys);
  for (let left = [...keys]; left.length > 0; ) {
    const messages = left.map((key, i) => ({
      id: `${i}`,
      timestamp: new Date(),
      attempts: 1,
      body: event(key),
    }));
    const batch = createMessageBatch('mobilenet-edge-jobs', messages);
    await consume(batch);
    const { explicitAcks } = await getQueueResult(batch, createExecutionContext());
    expect(explicitAcks).toHaveLength(left.length);
    // A notification without --prefix also reports the results.
    left = (await keysOf()).filter((key) => !told.has(key));
    for (const key of left) told.add(key);
    expect(told.size).toBeLessThan(20);
  }
}

async function keysOf(): Promise<string[]> {
  return (await bucket.list()).objects.map(({ key }) => key);
}

async function resultAt(key: string): Promise<{ key: string; result?: object; error?: object }> {
  return bound((await bucket.get(key)) ?? undefined).json();
}

describe('a rule for new pictures', () => {
  it('has its options and its place of results, and the first that fits counts', async () => {
    for (const key of ['2024/raw/a.jpg', '2024/b.jpg', '2025/c.jpg']) await bucket.put(key, ball);
    const rules = [
      {
        source: { prefix: '2024/raw/' },
        task: 'embed',
        options: { normalize: true, encoding_format: 'base64' },
        output: { prefix: 'vectors/' },
      },
      { source: { prefix: '2024/' }, options: { top_k: 2, labels: { include: ['golf ball', 'web site'] } } },
    ];
    await arrive(rules, ['2024/raw/a.jpg', '2024/b.jpg', '2025/c.jpg']);
    const results = ['labels/2024/b.jpg.json', 'labels/2025/c.jpg.json', 'vectors/2024/raw/a.jpg.json'];
    expect(await keysOf()).toEqual(['2024/b.jpg', '2024/raw/a.jpg', '2025/c.jpg', ...results]);
    const embedded = await ask(app, '/v1/embed?normalize=true&encoding_format=base64', post(ball));
    expect((await resultAt('vectors/2024/raw/a.jpg.json')).result).toEqual(await embedded.json());
    const asked = '/v1/classify?top_k=2&labels.include=golf%20ball,web%20site';
    const classified = await ask(app, asked, post(ball));
    expect((await resultAt('labels/2024/b.jpg.json')).result).toEqual(await classified.json());
    const byDefault = await ask(app, '/v1/classify', post(ball));
    expect((await resultAt('labels/2025/c.jpg.json')).result).toEqual(await byDefault.json());
  });

  it('fills a collection of a key, and answers by one', async () => {
    for (const [label, picture] of Object.entries({ balls: ball, puzzles: crossword })) {
      await bucket.put(`shown/${label}/x`, picture);
    }
    await ask(keyed, '/v1/collections/parts', { method: 'PUT', headers: bearer(KEY) });
    const fill = {
      source: { prefix: 'shown/' },
      task: 'index',
      collection: 'loader/parts',
      options: { label_from: 'folder' },
    };
    await arrive([fill], ['shown/balls/x', 'shown/puzzles/x']);
    expect((await resultAt('labels/shown/balls/x.json')).result).toMatchObject({
      ...{ id: 'shown/balls/x', label: 'balls', status: 'added' },
    });
    await bucket.put('new/a', crossword);
    await arrive(
      [{ source: { prefix: 'new/' }, collection: 'loader/parts', options: { top_k: 1 } }],
      ['new/a'],
    );
    expect((await resultAt('labels/new/a.json')).result).toMatchObject({
      predictions: [{ label: 'puzzles' }],
      unknown: false,
      collection: { name: 'loader/parts' },
    });
  });

  it('whose collection is not there writes that down', async () => {
    await bucket.put('new/a', crossword);
    await arrive([{ collection: 'nowhere' }], ['new/a']);
    expect((await resultAt('labels/new/a.json')).error).toMatchObject({ code: 'collection_unknown' });
  });

  it('has its place of results left alone by jobs, too', async () => {
    const settings = { JOBS_NEW_PICTURES: '[{"output": {"prefix": "in/vectors/"}}]' };
    const ruled = service({ ALLOW_ANONYMOUS_JOBS: 'true', ...settings });
    await bucket.put('in/vectors/a.json', 'not by the Worker');
    const refused = await ask(ruled, '/v1/jobs', post('{"source": {"prefix": "in/vectors/"}}'));
    expect(await refused.json()).toMatchObject({ code: 'field_invalid' });
    expect((await start(app, { source: { prefix: 'in/vectors/' } })).status).toBe('validating');
  });
});

describe('JOBS_NEW_PICTURES', () => {
  const check = (text: string) => () => checkEventRules(readSettings({ JOBS_NEW_PICTURES: text }));

  it.each([
    ['no JSON', '[', /JOBS_NEW_PICTURES must be a JSON list of objects/],
    ['no list', '{}', /JOBS_NEW_PICTURES must be a JSON list of objects/],
    ['no object', '["2024/"]', /JOBS_NEW_PICTURES must be a JSON list of objects/],
    ['an unknown task', '[{"task": "train"}]', /entry 1: task must be one of classify, embed, index/],
    ['an unknown field', '[{}, {"prefix": "a/"}]', /entry 2: .*"prefix"/],
    [
      'a place that is no folder',
      '[{"output": {"prefix": "x"}}]',
      /entry 1: output\.prefix must end in "\/"/,
    ],
    ['nothing to fill', '[{"task": "index"}]', /entry 1: collection must be there/],
    ['vectors by a collection', '[{"task": "embed", "collection": "a"}]', /entry 1: collection goes with/],
    ['a collection that cannot be', '[{"collection": "a/b/c"}]', /must be NAME or OWNER\/NAME/],
    ['pictures among results', '[{"source": {"prefix": "labels/a/"}}]', /entry 1: .* with labels\//],
    [
      "pictures among another entry's results",
      '[{"output": {"prefix": "in/"}}, {"source": {"prefix": "in/"}}]',
      /entry 2: source\.prefix must not begin with in\//,
    ],
    ['a wrong option', '[{"options": {"top_k": 0}}]', /entry 1: top_k must be a whole number/],
    ['a wrong label', '[{}, {"options": {"labels": {"include": ["tabbby"]}}}]', /entry 2: labels must be /],
    [
      'a wrong encoding',
      '[{"task": "embed", "options": {"encoding_format": "hex"}}]',
      /encoding_format must/,
    ],
  ])('is refused with %s', (_what, text, said) => {
    expect(check(text)).toThrow(said);
    expect(check(text)).toThrow(/Wrong settings: JOBS_NEW_PICTURES/);
  });

  it('is empty unless told', () => {
    expect(readSettings({}).JOBS_NEW_PICTURES).toEqual([]);
    expect(readSettings({ JOBS_NEW_PICTURES: '' }).JOBS_NEW_PICTURES).toEqual([]);
  });
});
