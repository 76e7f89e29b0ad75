/**
 * Classifies thousands of pictures in a bucket, a tenth of them broken, while 30 % of attempts fail and the Worker is
 * killed twice. Every key must be in the results exactly once, with the answer of `/v1/classify`. Then the broken
 * pictures are replaced and retried, another job is cancelled and resumed, and memory must be where it was.
 */
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { endChildrenOnSignal } from '../../scripts/process.mjs';
import { report } from '../conformance/report.ts';
import { wholeNumber } from '../soak/count.ts';
import { growthOf, type Sample } from '../soak/growth.ts';
import { openHeap } from '../soak/heap.ts';
import { type Drawn, drawPictures, keyOf, pictureAt } from './pictures.ts';
import { type Line, resultsOf, startJob, stateOf, until } from './run.ts';
import { createServer, type Server } from './server.ts';

const USAGE = `npm run jobs -- [options]

  --count    pictures in the bucket (2000)
  --faults   part of attempts that fail (0.3)`;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '2000' },
    faults: { type: 'string', default: '0.3' },
    help: { type: 'boolean', default: false },
  },
});

/** Concurrent uploads. */
const CONNECTIONS = 8;
/** Objects that the job must leave out: under another prefix, a folder, and results of an earlier job. */
const OTHERS = ['other/000000', 'in/folder/', 'labels/job_old/00000000.ndjson'];
/** A chunk that was lost with a Worker is sent again after this time. */
const LATE_SECONDS = 10;
/** How long a cancelled job is watched; what was under way is counted in the first half. */
const QUIET_MILLISECONDS = 4000;
/** Four for each window of `growthOf`, and as many while code is compiled. */
const MIN_SAMPLES = 25;
/** As in `npm run soak`. */
const MAX_HEAP_SLOPE = 8;
const HEAP_RANGE_MIB = 16;
/**
 * V8 collects buffers when 64 MiB of them were allocated since its last collection, if nothing else makes it collect:
 * a hundred pictures, whose inputs take 0.6 MiB each. So their amount at one moment does not show whether it grows.
 */
const MAX_BUFFERS_MIB = 96;

if (values.help) console.log(USAGE);
else {
  endChildrenOnSignal();
  const server = createServer({
    ...{ CACHE_SECONDS: '0', FAULTS: values.faults, JOBS_LATE_SECONDS: String(LATE_SECONDS) },
  });
  await server.start();
  try {
    await prove(server, wholeNumber('count', values.count, 500));
  } finally {
    await server.end('SIGTERM');
  }
}

async function prove(server: Server, count: number): Promise<void> {
  const pictures = await drawPictures();
  const answers = await answersTo(server, pictures);
  await upload(
    server,
    Array.from({ length: count }, (_, i) => [keyOf(i), pictureAt(pictures, i)]),
  );
  for (const key of OTHERS) await put(server, key, pictureAt(pictures, 1));
  say(`${count} objects are in the bucket, ${pictures.length} different ones`);
  const wanted = (i: number) => answers.get(pictureAt(pictures, i)) ?? '';

  const id = await startJob(server, { source: { prefix: 'in/' }, options: { top_k: 2 } });
  await until(server, id, count / 4);
  await server.end('SIGKILL');
  await server.start();
  say('the Worker was killed, and started again');
  const heap: Sample[] = [];
  const buffers: number[] = [];
  await until(server, id, count / 2, await sampler(server, heap, buffers));
  await server.end('SIGTERM');
  await server.start();
  say('the Worker was ended, and started again');
  const look = await sampler(server, heap, buffers);
  const job = await until(server, id, Number.POSITIVE_INFINITY, look);
  say(`failed attempts since then, by seam: ${await (await server.ask('/faults')).text()}`);
  const lines = await resultsOf(server, id);
  await report({
    [`${count} pictures, ${values.faults} of attempts failing, the Worker ended twice: each key is there once`]:
      async () => everyKeyOnce(lines, count),
    'the job counts what its results have': async () => counts(lines, job.request_counts, count),
    'each result is what /v1/classify says': async () => same(lines, wanted),
  });

  const broken = Array.from({ length: count }, (_, i) => i).filter((i) => pictureAt(pictures, i).isBroken);
  await upload(
    server,
    broken.map((i) => [keyOf(i), pictureAt(pictures, i + 1)]),
  );
  await post(server, `/v1/jobs/${id}/retry`);
  const mended = await until(server, id, Number.POSITIVE_INFINITY, look);
  const retried = await resultsOf(server, id);
  await report({
    [`${broken.length} pictures were mended and retried: none has failed, each key is there once`]:
      async () => {
        everyKeyOnce(retried, count);
        assert.deepEqual(mended.request_counts, { total: count, completed: count, failed: 0 });
        same(retried, (i) => wanted(pictureAt(pictures, i).isBroken ? i + 1 : i));
      },
  });

  const second = await startJob(server, { source: { prefix: 'in/' }, options: { top_k: 2 } });
  await until(server, second, count / 5, look);
  await post(server, `/v1/jobs/${second}/cancel`);
  await pause(QUIET_MILLISECONDS / 2);
  const cancelled = await stateOf(server, second);
  await pause(QUIET_MILLISECONDS / 2);
  const later = await stateOf(server, second);
  const some = await resultsOf(server, second);
  await post(server, `/v1/jobs/${second}/retry`);
  const whole = await until(server, second, Number.POSITIVE_INFINITY, look);
  const all = await resultsOf(server, second);
  await report({
    'a cancelled job stands still, with what it has': async () => {
      const { completed, failed, total } = cancelled.request_counts;
      assert.equal(cancelled.status, 'cancelled');
      assert.deepEqual(later.request_counts, cancelled.request_counts);
      assert.ok(completed + failed < total, 'it was done before it was cancelled');
      assert.equal(new Set(some.map(({ key }) => key)).size, some.length);
      assert.ok(some.length >= completed + failed, `${some.length} lines`);
    },
    'taken up again it ends with each key once': async () => {
      everyKeyOnce(all, count);
      counts(all, whole.request_counts, count);
    },
    [`what V8 holds rises by at most ${MAX_HEAP_SLOPE} KiB a picture`]: async () => flat(heap),
    [`buffers that V8 has not collected stay within ${MAX_BUFFERS_MIB} MiB`]: async () => {
      const most = Math.max(...buffers);
      assert.ok(most <= MAX_BUFFERS_MIB, `${most} MiB`);
    },
  });
}

/** The service's answer for each file alone. */
async function answersTo(server: Server, pictures: readonly Drawn[]): Promise<ReadonlyMap<Drawn, string>> {
  const answers = new Map<Drawn, string>();
  for (const picture of pictures) {
    const answer = await server.ask('/v1/classify?top_k=2', { method: 'POST', body: picture.bytes });
    answers.set(picture, comparable(JSON.parse(await answer.text()) as object));
  }
  return answers;
}

/** Removes what differs between two requests with the same input. */
function comparable(answer: object): string {
  return JSON.stringify(answer).replace(/"request_id":"[^"]*"/, '');
}

function everyKeyOnce(lines: readonly Line[], count: number): void {
  const keys = lines.map(({ key }) => key);
  assert.deepEqual(
    keys,
    Array.from({ length: count }, (_, i) => keyOf(i)),
  );
  assert.deepEqual(
    lines.map(({ index }) => index),
    keys.map((_, i) => i),
  );
}

function counts(lines: readonly Line[], counted: object, total: number): void {
  const failed = lines.filter(({ error }) => error !== undefined).length;
  assert.deepEqual(counted, { total, completed: total - failed, failed });
}

/** A picture whose attempts failed too often has our own error, which is reported. */
function same(lines: readonly Line[], wanted: (i: number) => string): void {
  const dead = lines.filter(({ error }) => error?.code === 'internal').length;
  if (dead > 0) say(`${dead} pictures are in chunks that failed six times in a row`);
  for (const { index, result, error } of lines) {
    if (error?.code === 'internal') continue;
    assert.equal(comparable(result ?? error ?? {}), wanted(index));
  }
  assert.ok(dead < lines.length / 4, `${dead} were given up`);
}

/** @returns a function that records from time to time how much the Worker holds. */
async function sampler(server: Server, samples: Sample[], buffers: number[]) {
  const heap = await openHeap(server.inspector());
  const before = samples.at(-1)?.answered ?? 0;
  let done = 0;
  let last: number | undefined;
  return async ({
    request_counts: { completed, failed },
  }: {
    request_counts: { completed: number; failed: number };
  }) => {
    // A new or retried job starts to count again; work before this Worker started does not count.
    done += Math.max(0, completed + failed - (last ?? completed + failed));
    last = completed + failed;
    // Until its first picture a Worker holds no network and no decoder, so what it holds then says nothing of growth.
    if (done === 0) return;
    // The Worker may just have been killed.
    const usage = await heap.usage().catch(() => undefined);
    if (usage === undefined) return;
    samples.push({ answered: before + done, mebibytes: usage.values });
    buffers.push(usage.buffers);
  };
}

function flat(samples: readonly Sample[]): void {
  // Counts arrive chunk by chunk, so pictures are spread evenly over the samples.
  const end = samples.at(-1)?.answered ?? 0;
  const even = samples.map(({ mebibytes }, i) => ({ answered: (end * (i + 1)) / samples.length, mebibytes }));
  const growth = samples.length < MIN_SAMPLES ? undefined : growthOf(even);
  say(`MiB held by V8: ${JSON.stringify(growth)}`);
  if (growth === undefined) throw new Error('too few samples to tell: ask for more pictures');
  const range = Math.max(...growth.floors) - Math.min(...growth.floors);
  assert.ok(growth.slope <= MAX_HEAP_SLOPE || range <= HEAP_RANGE_MIB, `it grows: ${JSON.stringify(growth)}`);
}

async function upload(server: Server, objects: readonly (readonly [string, Drawn])[]): Promise<void> {
  const left = objects.values();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (const [key, picture] of left) await put(server, key, picture);
    }),
  );
}

async function put(server: Server, key: string, { bytes }: Drawn): Promise<void> {
  const response = await server.ask(`/bucket/${encodeURIComponent(key)}`, { method: 'PUT', body: bytes });
  if (!response.ok) throw new Error(`${key}: ${response.status} ${await response.text()}`);
}

async function post(server: Server, path: string): Promise<void> {
  const response = await server.ask(path, { method: 'POST' });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function say(text: string): void {
  console.log(`${(performance.now() / 1000).toFixed(0)} s: ${text}`);
}
