/** The job's object, without a consumer: what it stores, sends, counts and sends again. */

import { evictDurableObject, reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Job } from '../../src/jobs/job.ts';
import type { JobSpec } from '../../src/jobs/schemas.ts';
import { bound, bucket } from './callers.ts';

const LATE_MS = 180_000;

const spec: JobSpec = {
  ...{ id: 'job_test', owner: 'a', task: 'classify', options: '{}' },
  ...{ source: { prefix: 'in/' }, output: { prefix: 'out/' } },
};

const sent: number[] = [];
const stub = () => env.JOBS.getByName('job_test');

/** Records the arguments of `sendBatch`; nothing consumes them. */
async function alarm(listFails?: string): Promise<void> {
  await runInDurableObject(stub(), async (job: Job) => {
    // TypeScript exposes the environment to subclasses only.
    const { JOBS_QUEUE, JOBS_BUCKET } = (job as unknown as { env: Env }).env;
    vi.spyOn(bound(JOBS_QUEUE), 'sendBatch').mockImplementation(async (messages) => {
      for (const { body } of messages) sent.push((body as { chunk: number }).chunk);
      return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
    });
    const list =
      listFails === undefined
        ? undefined
        : vi.spyOn(bound(JOBS_BUCKET), 'list').mockRejectedValue(new Error(listFails));
    await job.alarm();
    list?.mockRestore();
  });
}

/** The platform triggers no alarm by itself here: the test does. */
async function still(): Promise<void> {
  await runInDurableObject(stub(), (_job: Job, { storage }) => {
    vi.spyOn(storage, 'setAlarm').mockResolvedValue();
  });
}

async function put(count: number): Promise<void> {
  const keys = Array.from({ length: count }, (_, i) => `in/${String(i).padStart(6, '0')}`).values();
  const some = async () => {
    for (const key of keys) await bucket.put(key, 'x');
  };
  await Promise.all([some(), some(), some(), some(), some(), some(), some(), some()]);
}

beforeEach(() => {
  sent.length = 0;
});

// Test files share the storage: this removes what others have left, and what these leave.
beforeEach(() => reset());
afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  await reset();
});

async function begin(): Promise<void> {
  await still();
  await stub().start(spec);
}

describe('a job', () => {
  it('lists by pages, goes on after the last key, and leaves results and folders out', async () => {
    await put(1003);
    await bucket.put('in/sub/', '');
    await env.JOB_DIRECTORY.getByName('all').enter({ id: 'job_other', owner: 'b', output: 'in/labels/' }, 1);
    await bucket.put('in/labels/job_other/00000000.ndjson', '{}');
    await begin();
    await alarm();
    expect(await stub().state()).toMatchObject({ status: 'in_progress', request_counts: { total: 1000 } });
    await evictDurableObject(stub());
    await still();
    await alarm();
    expect(await stub().state()).toMatchObject({ request_counts: { total: 1003 } });
    expect(sent.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('counts what is told twice once, and what an older consumer tells not at all', async () => {
    await put(10);
    await begin();
    await alarm();
    const tell = (completed: number, failed: number, round = 0) =>
      stub().report(0, { round, completed, failed });
    await tell(4, 1);
    await tell(4, 1);
    await tell(2, 1);
    expect((await stub().state())?.request_counts).toEqual({ total: 10, completed: 4, failed: 1 });
    await tell(7, 3);
    await tell(7, 3);
    await tell(4, 1);
    expect((await stub().state())?.request_counts).toEqual({ total: 10, completed: 7, failed: 3 });
    await alarm();
    expect((await stub().state())?.status).toBe('completed');
    await stub().retry();
    expect((await stub().state())?.request_counts).toEqual({ total: 10, completed: 7, failed: 0 });
    await tell(8, 2);
    expect((await stub().state())?.request_counts).toEqual({ total: 10, completed: 7, failed: 0 });
    await tell(8, 2, 1);
    expect((await stub().state())?.request_counts).toEqual({ total: 10, completed: 8, failed: 2 });
  });

  it('sends a chunk again that is not heard of, and no other', async () => {
    await put(150);
    await begin();
    await alarm();
    expect(sent).toEqual([0, 1]);
    await stub().report(1, { round: 0, completed: 50, failed: 0 });
    await alarm();
    expect(sent).toEqual([0, 1]);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + LATE_MS + 1000 });
    await alarm();
    expect(sent).toEqual([0, 1, 0]);
  });

  it('sends the rest of a chunk at once when a consumer had no time for all', async () => {
    await put(10);
    await begin();
    await alarm();
    await stub().report(0, { round: 0, completed: 3, failed: 0 });
    await alarm();
    expect(sent).toEqual([0, 0]);
    expect(await stub().take(0)).toMatchObject({ hasFile: true, retriesErrors: false });
  });

  it('gives nothing to do when it is cancelled, and goes on when it is retried', async () => {
    await put(10);
    await begin();
    await alarm();
    await stub().cancel();
    expect(await stub().take(0)).toBeUndefined();
    expect(await stub().results(0, 10)).toMatchObject({ chunks: [0] });
    expect((await stub().state())?.status).toBe('cancelled');
    await stub().retry();
    await alarm();
    expect(sent).toEqual([0, 0]);
    expect(await stub().take(0)).toMatchObject({ first: 0, keys: expect.any(Array) });
  });

  it('has its next page end before what is not done', async () => {
    await put(350);
    await begin();
    await alarm();
    await stub().report(0, { round: 0, completed: 100, failed: 0 });
    await stub().report(2, { round: 0, completed: 100, failed: 0 });
    expect(await stub().results(0, 10)).toMatchObject({ chunks: [0], next: 1 });
    await stub().report(1, { round: 0, completed: 100, failed: 0 });
    expect(await stub().results(1, 10)).toMatchObject({ chunks: [1, 2], next: 3 });
    await stub().report(3, { round: 0, completed: 50, failed: 0 });
    await alarm();
    const last = await stub().results(3, 10);
    expect(last?.chunks).toEqual([3]);
    expect(last?.next).toBeUndefined();
  });

  it('has failed when the bucket has failed for hours, says why, and can be taken up again', async () => {
    await put(3);
    await begin();
    for (let i = 0; i < 12; i++) await alarm('the bucket is away');
    expect(await stub().state()).toMatchObject({ status: 'validating' });
    await alarm('the bucket is away');
    expect(await stub().state()).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('the bucket is away'),
    });
    await stub().retry();
    await alarm();
    expect((await stub().state())?.request_counts.total).toBe(3);
  });

  it('that was never started leaves nothing behind', async () => {
    expect(await stub().state()).toBeUndefined();
    expect(await stub().take(0)).toBeUndefined();
    await stub().report(0, { round: 0, completed: 1, failed: 0 });
    expect(await runDurableObjectAlarm(stub())).toBe(false);
    await runInDurableObject(stub(), (_job: Job, { storage }) => {
      expect(
        storage.sql.exec("SELECT name FROM sqlite_master WHERE name IN ('job', 'chunk')").toArray(),
      ).toEqual([]);
    });
  });
});
