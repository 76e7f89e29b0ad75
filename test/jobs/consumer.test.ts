/** The queue's consumer is idempotent, handles one message at a time, and never triggers itself. */

import {
  createExecutionContext,
  createMessageBatch,
  getQueueResult,
  reset,
  runInDurableObject,
} from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Classifier } from '../../src/classifier.ts';
import { collectionsOf } from '../../src/collections/collections.ts';
import { createInFlight } from '../../src/input/in-flight.ts';
import { jobBindingsOf } from '../../src/jobs/bindings.ts';
import { type ConsumerSeam, createConsumer } from '../../src/jobs/consumer.ts';
import type { Job } from '../../src/jobs/job.ts';
import { NO_FILE, readResults, writeResults } from '../../src/jobs/result-file.ts';
import { lineOf } from '../../src/jobs/result-line.ts';
import { readSettings } from '../../src/settings.ts';
import { bmp } from '../pictures/bmp.ts';
import { provided } from '../pictures/provided.ts';
import { classifier, post, service } from '../service.ts';
import { ask, bound, bucket } from './callers.ts';

// Test files share the storage: this removes what others have left, and what these leave.
beforeEach(() => reset());
afterEach(async () => {
  vi.restoreAllMocks();
  await reset();
});

const photo = provided('golf-ball.jpeg-420');
const MIB = 2 ** 20;
const collections = collectionsOf(readSettings({}), env.COLLECTIONS);
const bindings = bound(jobBindingsOf(env));
const app = service({ ALLOW_ANONYMOUS_JOBS: 'true' });

interface Parts {
  readonly seen?: Classifier;
  readonly inFlight?: ReturnType<typeof createInFlight>;
  readonly reached?: (seam: ConsumerSeam) => void;
  readonly settings?: Record<string, string>;
}

/** Consumes messages as the platform delivers them. @returns ids of those acknowledged and those to be retried. */
async function deliver(queue: string, bodies: readonly object[], parts: Parts = {}) {
  const { seen = classifier, inFlight = createInFlight(24 * MIB, 60_000), reached, settings = {} } = parts;
  const consume = createConsumer(
    { bindings, classifier: seen, collections, inFlight, settings: readSettings(settings) },
    reached,
  );
  const messages = bodies.map((body, i) => ({ id: String(i), timestamp: new Date(), attempts: 1, body }));
  const batch = createMessageBatch(queue, messages);
  await consume(batch);
  const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext());
  return { acked: explicitAcks, retried: retryMessages.map(({ msgId }) => msgId) };
}

const QUEUE = 'mobilenet-edge-jobs';
const NAMED = 'job_0123456789abcdef0123456789abcdef';
const DEAD = 'mobilenet-edge-jobs-dead';

/** A job that has listed its pictures; only the test knows of its chunks. */
async function quietJob(
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<DurableObjectStub<Job>> {
  for (const [key, file] of Object.entries(files)) await bucket.put(key, file);
  const stub = env.JOBS.getByName(NAMED);
  await runInDurableObject(stub, async (job: Job, { storage }) => {
    vi.spyOn(storage, 'setAlarm').mockResolvedValue();
    // TypeScript exposes the environment to subclasses only.
    const queue = bound((job as unknown as { env: Env }).env.JOBS_QUEUE);
    const send = vi.spyOn(queue, 'sendBatch').mockResolvedValue({
      metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } },
    });
    await job.start({
      ...{ id: NAMED, owner: 'anonymous', task: 'classify', options: '{}' },
      ...{ source: { prefix: 'in/' }, output: { prefix: 'out/' } },
    });
    await job.alarm();
    send.mockRestore();
  });
  return stub;
}

async function countsOf(job: DurableObjectStub<Job>) {
  return (await job.state())?.request_counts;
}

describe('a picture that came by itself', () => {
  const event = (key: string, action = 'PutObject') => ({
    ...{ account: 'a', action, bucket: 'pictures', eventTime: '2026-11-26T19:00:00.000Z' },
    object: { key, size: 4, eTag: 'x' },
  });

  it.each(['PutObject', 'CopyObject', 'CompleteMultipartUpload'])('is labelled: %s', async (action) => {
    await bucket.put('2024/ball.jpg', photo);
    expect(await deliver(QUEUE, [event('2024/ball.jpg', action)])).toEqual({ acked: ['0'], retried: [] });
    const labels = await (await bucket.get('labels/2024/ball.jpg.json'))?.json<{
      key: string;
      result: object;
    }>();
    expect(labels?.key).toBe('2024/ball.jpg');
    expect(labels?.result).toEqual(await (await ask(app, '/v1/classify', post(photo))).json());
  });

  it('has its error written where it is no picture', async () => {
    await bucket.put('2024/text.jpg', 'hello');
    await deliver(QUEUE, [event('2024/text.jpg')]);
    const labels = await (await bucket.get('labels/2024/text.jpg.json'))?.json();
    expect(labels).toMatchObject({ error: { code: 'image_format_unsupported', status: 415 } });
  });

  it.each([
    ['is gone', event('2024/gone.jpg')],
    ['was deleted', event('2024/ball.jpg', 'DeleteObject')],
    ['is a result', event('labels/2024/ball.jpg.json')],
    ['is a result of a job', event('2025/labels/x.ndjson')],
    ['is a folder', event('2024/')],
    ['is no message of R2', { hello: 'world' }],
  ])('writes nothing when it %s', async (_what, message) => {
    await env.JOB_DIRECTORY.getByName('all').enter({ id: 'job_x', owner: 'a', output: '2025/labels/' }, 1);
    for (const key of ['2024/ball.jpg', 'labels/2024/ball.jpg.json', '2025/labels/x.ndjson', '2024/']) {
      await bucket.put(key, photo);
    }
    const before = (await bucket.list()).objects.map(({ key }) => key);
    expect((await deliver(QUEUE, [message])).acked).toEqual(['0']);
    expect((await bucket.list()).objects.map(({ key }) => key)).toEqual(before);
  });

  it('is known for a result by its metadata where nobody knows its prefix', async () => {
    await bucket.put('2024/ball.jpg', photo);
    await deliver(QUEUE, [event('2024/ball.jpg')], { settings: { JOBS_OUTPUT_PREFIX: 'elsewhere/' } });
    await deliver(QUEUE, [event('elsewhere/2024/ball.jpg.json')]);
    const keys = (await bucket.list()).objects.map(({ key }) => key);
    expect(keys).toEqual(['2024/ball.jpg', 'elsewhere/2024/ball.jpg.json']);
  });

  it('that fails takes no other along, and its error is written when it is dead', async () => {
    await bucket.put('2024/bad.jpg', photo);
    await bucket.put('2024/good.jpg', photo);
    let calls = 0;
    const seen: Classifier = {
      ...classifier,
      see: (...given) =>
        calls++ === 0 ? Promise.reject(new Error('out of order')) : classifier.see(...given),
    };
    const both = [event('2024/bad.jpg'), event('2024/good.jpg')];
    expect(await deliver(QUEUE, both, { seen })).toEqual({ acked: ['1'], retried: ['0'] });
    expect(await bucket.head('labels/2024/bad.jpg.json')).toBeNull();
    expect(await bucket.head('labels/2024/good.jpg.json')).not.toBeNull();
    await deliver(DEAD, [event('2024/bad.jpg')]);
    const labels = await (await bucket.get('labels/2024/bad.jpg.json'))?.json();
    expect(labels).toMatchObject({ error: { code: 'internal' } });
  });
});

describe('a chunk', () => {
  const keys = ['in/a.jpg', 'in/b.jpg', 'in/c.jpg'];
  const place = `out/${NAMED}/00000000.ndjson`;

  const chunk = { job: NAMED, chunk: 0 };

  it('that two consumers have at once is written once and counted once', async () => {
    const job = await quietJob(Object.fromEntries(keys.map((key) => [key, photo])));
    const done = await Promise.all([
      deliver(QUEUE, [chunk]),
      deliver(QUEUE, [chunk]),
      deliver(QUEUE, [chunk]),
    ]);
    expect(done.map(({ acked }) => acked)).toEqual([['0'], ['0'], ['0']]);
    expect(await countsOf(job)).toEqual({ total: 3, completed: 3, failed: 0 });
    expect([...(await readResults(bucket, place)).lines.keys()]).toEqual(keys);
  });

  it.each(['begun', 'taken', 'fetched', 'seen', 'written', 'reported'] as const)(
    'that fails when it is %s is done by the next attempt, and counted once',
    async (seam) => {
      const job = await quietJob({ 'in/a.jpg': photo, 'in/b.jpg': 'no picture', 'in/c.jpg': photo });
      const fail = (at: ConsumerSeam) => {
        if (at === seam) throw new Error('made to fail');
      };
      expect(await deliver(QUEUE, [chunk], { reached: fail })).toEqual({ acked: [], retried: ['0'] });
      expect(await deliver(QUEUE, [chunk])).toEqual({ acked: ['0'], retried: [] });
      expect(await countsOf(job)).toEqual({ total: 3, completed: 2, failed: 1 });
      expect([...(await readResults(bucket, place)).lines.keys()]).toEqual(keys);
    },
  );

  it('that is dead has an error for each picture without a line, and a retry heals them', async () => {
    const job = await quietJob(Object.fromEntries(keys.map((key) => [key, photo])));
    await writeResults(
      bucket,
      place,
      keys,
      new Map([['in/b.jpg', lineOf(1, 'in/b.jpg', { result: {} }, 'x')]]),
      NO_FILE,
      false,
    );
    await job.take(0);
    await deliver(DEAD, [chunk]);
    expect(await countsOf(job)).toEqual({ total: 3, completed: 1, failed: 2 });
    const { lines } = await readResults(bucket, place);
    expect([...lines.values()].map(({ isError }) => isError)).toEqual([true, false, true]);
    await deliver(QUEUE, [chunk]);
    expect(await countsOf(job)).toEqual({ total: 3, completed: 1, failed: 2 });
    await job.retry();
    await deliver(QUEUE, [chunk]);
    expect(await countsOf(job)).toEqual({ total: 3, completed: 3, failed: 0 });
    const healed = await readResults(bucket, place);
    expect(healed.lines.get('in/b.jpg')?.text).toBe(lines.get('in/b.jpg')?.text);
  });

  it('is written over by nobody who has read an older version', async () => {
    const line = (key: string, isError = false) =>
      lineOf(0, key, isError ? { failure: { code: 'internal' } } : { result: {} }, 'x');
    const write = (lines: readonly ReturnType<typeof line>[], before = NO_FILE, drop = false) =>
      writeResults(bucket, place, keys, new Map(lines.map((one) => [one.key, one])), before, drop);
    await write([line('in/a.jpg'), line('in/b.jpg', true)]);
    const stale = NO_FILE;
    const whole = await write([line('in/a.jpg', true), line('in/b.jpg'), line('in/c.jpg')], stale);
    expect(whole.map(({ key, isError }) => [key, isError])).toEqual(keys.map((key) => [key, false]));
    const partial = await write([line('in/c.jpg', true)], stale);
    expect(partial.map(({ isError }) => isError)).toEqual([false, false, false]);
    expect((await readResults(bucket, place)).lines.size).toBe(3);
  });

  it('stops when its time is spent, and the next goes on where it stopped', async () => {
    // Small files with many pixels: one takes a twelfth of an invocation's time, and is estimated at half of that.
    const size = { width: 2000, height: 2000 };
    const large = bmp(new Uint8Array(3 * size.width * size.height), size, 8);
    const files = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`in/${10 + i}.bmp`, large]));
    const job = await quietJob(files);
    const seen: Classifier = { ...classifier, see: () => classifier.see(photo) };
    await deliver(QUEUE, [chunk], { seen });
    const { completed = 0 } = (await countsOf(job)) ?? {};
    expect(completed).toBeGreaterThan(1);
    expect(completed).toBeLessThan(16);
    expect((await readResults(bucket, place)).lines.size).toBe(completed);
    await deliver(QUEUE, [chunk], { seen });
    expect(await countsOf(job)).toEqual({ total: 16, completed: 16, failed: 0 });
    expect([...(await readResults(bucket, place)).lines.keys()]).toEqual(Object.keys(files));
  });

  it('waits for room beside the bodies of requests, and gives all of it back', async () => {
    await bucket.put('2024/ball.jpg', photo);
    const inFlight = createInFlight(photo.length, 60_000);
    const hold = inFlight.open();
    hold.take(photo.length);
    setTimeout(() => hold.release(), 300);
    const message = { action: 'PutObject', object: { key: '2024/ball.jpg' } };
    expect((await deliver(QUEUE, [message], { inFlight })).acked).toEqual(['0']);
    expect(inFlight.bytes()).toBe(0);
    expect(await bucket.head('labels/2024/ball.jpg.json')).not.toBeNull();
  });

  it('is done one picture after the other where there is room for no more', async () => {
    const job = await quietJob(Object.fromEntries(keys.map((key) => [key, photo])));
    const inFlight = createInFlight(photo.length, 60_000);
    expect((await deliver(QUEUE, [chunk], { inFlight })).acked).toEqual(['0']);
    expect(await countsOf(job)).toEqual({ total: 3, completed: 3, failed: 0 });
    expect(inFlight.bytes()).toBe(0);
  });

  it('of a job that nobody knows is acknowledged', async () => {
    expect((await deliver(QUEUE, [{ job: 'job_none', chunk: 0 }])).acked).toEqual(['0']);
  });
});
