/**
 * Jobs over a folder in plain workerd, as `npm run serve` starts it: the process is killed in the middle and started
 * again, and every picture still has one line. `scripts/self-hosting.mjs` has built it before.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endChildrenOnSignal } from '../../scripts/process.mjs';
import type { JobState } from '../../src/jobs/schemas.ts';
import { report } from '../conformance/report.ts';
import { picture } from '../pictures/encode.ts';
import { BALLOON, DIGITAL_CLOCK, SPIDER_WEB } from '../pictures/scenes.ts';
import { startSelfHosted } from './server.ts';

const KEY = 'mne_of-this-run';
const SETTINGS = {
  API_KEYS: `loader:${createHash('sha256').update(KEY).digest('hex')}`,
  KEY_RIGHTS: 'loader=jobs:in/; loader=teach',
  // Nothing is sent again during the run: what was sent must be in the queue after a restart.
  JOBS_LATE_SECONDS: '3600',
  RATE_LIMIT_REQUESTS: '100000',
};
const SIZE = { width: 640, height: 480 };
/** Enough for several chunks and for two pages of the listing. */
const COPIES = 350;
const WAIT_MS = 120_000;

/** Names that a URL or a shell would interpret. */
const ODD = ['100%.jpg', 'a b.jpg', 'a#b?c.jpg', 'é ü.jpg', 'a+b&c.jpg', '%2e%2e.jpg'];

interface Line {
  readonly index: number;
  readonly key: string;
  readonly result?: object;
  readonly error?: { readonly code: string };
}

endChildrenOnSignal();
const scratch = mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-folder-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
const state = path.join(scratch, 'state');
const folder = path.join(state, 'pictures');

const keys: string[] = [];
for (const [label, scene] of Object.entries({ balloon: BALLOON, clock: DIGITAL_CLOCK, web: SPIDER_WEB })) {
  const file = await picture(scene, 'jpeg-420', SIZE);
  for (let i = 0; i < COPIES; i++) put(`in/${label}/${i}.jpg`, file);
}
const ball = await picture(BALLOON, 'png-rgb8', SIZE);
for (const name of ODD) put(`in/odd/${name}`, ball);
// Sorted between a folder and its contents, in the order of keys.
for (const name of ['in/odd.jpg', 'in/odd-1.jpg', 'in/odd0.jpg']) put(name, ball);
put('in/broken.jpg', 'no picture');
put('other/a.jpg', ball);
writeFileSync(path.join(folder, 'in', '.hidden.jpg'), ball);
writeFileSync(path.join(scratch, 'outside.jpg'), ball);
symlinkSync(path.join(scratch, 'outside.jpg'), path.join(folder, 'in', 'link.jpg'));
const wanted = keys.filter((key) => key.startsWith('in/')).sort();

function put(key: string, file: Uint8Array | string): void {
  const place = path.join(folder, key);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, file);
  keys.push(key);
}

const first = await startSelfHosted(state, SETTINGS);
let { url } = first;

async function ask(route: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${url}/v1${route}`, { ...init, headers: { 'x-api-key': KEY } });
}

async function start(request: object): Promise<Response> {
  return ask('/jobs', { method: 'POST', body: JSON.stringify(request) });
}

async function stateOf(id: string): Promise<JobState> {
  return (await ask(`/jobs/${id}`)).json() as Promise<JobState>;
}

async function until(id: string, holds: (job: JobState) => boolean): Promise<JobState> {
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const job = await stateOf(id);
    if (holds(job)) return job;
    if (Date.now() > end) throw new Error(`The job does not get there: ${JSON.stringify(job)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const ended = ({ status }: JobState) => ['completed', 'failed', 'cancelled'].includes(status);

async function linesOf(id: string): Promise<Line[]> {
  const lines: Line[] = [];
  for (let cursor: string | null = '0'; cursor !== null; ) {
    const page = await ask(`/jobs/${id}/results?cursor=${cursor}`);
    for (const line of (await page.text()).split('\n')) if (line !== '') lines.push(JSON.parse(line));
    cursor = page.headers.get('x-next-cursor');
  }
  return lines;
}

let job = '';
await report({
  'a job over a folder begins, and what is elsewhere in it stays out of reach': async () => {
    assert.equal((await start({ source: { prefix: 'other/' } })).status, 403);
    for (const prefix of ['../', 'in/../', '/', 'in//x/']) {
      const refused = await start({ source: { prefix: 'in/' }, output: { prefix } });
      assert.ok([400, 403].includes(refused.status), prefix);
    }
    const begun = await start({ source: { prefix: 'in/' }, options: { top_k: 1 } });
    assert.equal(begun.status, 202, await begun.clone().text());
    job = ((await begun.json()) as JobState).id;
  },
  'it is killed in the middle': async () => {
    await until(job, ({ request_counts: { completed } }) => completed >= 100);
    assert.ok(!ended(await stateOf(job)), 'It had ended before it could be killed.');
    await first.kill();
  },
});

const second = await startSelfHosted(state, SETTINGS);
({ url } = second);
await report({
  'started again it goes on by itself, and each picture has one line, in the order of keys': async () => {
    const { status, request_counts } = await until(job, ended);
    assert.equal(status, 'completed');
    const total = wanted.length;
    assert.deepEqual(request_counts, { total, completed: total - 1, failed: 1 });
    const lines = await linesOf(job);
    assert.deepEqual(
      lines.map(({ key }) => key),
      wanted,
    );
    assert.deepEqual(
      lines.map(({ index }) => index),
      wanted.map((_, i) => i),
    );
    const broken = lines.find(({ key }) => key === 'in/broken.jpg');
    assert.equal(broken?.error?.code, 'image_format_unsupported');
  },
  'a line is what /v1/classify answers': async () => {
    const lines = await linesOf(job);
    for (const key of ['in/web/7.jpg', 'in/odd/a#b?c.jpg', 'in/odd-1.jpg']) {
      const body = readFileSync(path.join(folder, key));
      const answer = await ask('/classify?top_k=1', { method: 'POST', body });
      assert.deepEqual(lines.find((line) => line.key === key)?.result, await answer.json());
    }
  },
  'results lie in the folder, and are no pictures': async () => {
    const place = path.join(folder, 'labels', job);
    const files = readdirSync(place).sort();
    assert.equal(files.at(-1), 'job.json');
    const texts = files.slice(0, -1).map((file) => readFileSync(path.join(place, file), 'utf8'));
    assert.equal(texts.join('').trimEnd().split('\n').length, wanted.length);
    assert.ok(!existsSync(path.join(scratch, 'labels')));
  },
  'what failed is tried again when it is healed': async () => {
    writeFileSync(path.join(folder, 'in', 'broken.jpg'), ball);
    assert.equal((await ask(`/jobs/${job}/retry`, { method: 'POST' })).status, 202);
    const { request_counts } = await until(job, ended);
    assert.deepEqual(request_counts, { total: wanted.length, completed: wanted.length, failed: 0 });
  },
  'a folder fills a collection': async () => {
    await ask('/collections/things', { method: 'PUT' });
    const request = { source: { prefix: 'in/odd/' }, task: 'index', collection: 'things' };
    const begun = await start({ ...request, options: { label_from: 'folder' } });
    const { id } = (await begun.json()) as JobState;
    const { request_counts } = await until(id, ended);
    assert.deepEqual(request_counts, { total: ODD.length, completed: ODD.length, failed: 0 });
    const { labels } = (await (await ask('/collections/things')).json()) as { labels: object[] };
    assert.deepEqual(
      labels.map((one) => 'label' in one && one.label),
      ['odd'],
    );
  },
  'it ends when it is told to': async () => assert.equal(await second.close(), 0),
});
