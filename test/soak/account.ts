/**
 * Tests the memory account: sends pictures of every format and size in random order, with junk between, to the real
 * Worker. All wasm memories and JavaScript's buffers together must stay within 110 MB, no answer may be a 5xx, and a
 * photo in between must get the same answer as at first, to the last digit.
 */
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { temporaryWorker } from '../../scripts/dev-server.mjs';
import { endChildrenOnSignal } from '../../scripts/process.mjs';
import type { MemoryTaken } from '../account/taken.ts';
import { report } from '../conformance/report.ts';
import { none } from '../fuzz/failures.ts';
import { randomOf } from '../fuzz/random.ts';
import { picture } from '../pictures/encode.ts';
import { SPIDER_WEB } from '../pictures/scenes.ts';
import { accountPictures, type Picture } from './account-pictures.ts';
import { wholeNumber } from './count.ts';
import { workerMiB } from './memory.ts';

const USAGE = `npm run account -- [options]

  --count          pictures sent (3000)
  --seed           of their order and of the junk (1)
  --megapixels     no larger pictures are drawn (50)`;

const LIMIT_BYTES = 110e6;
const WORKER = 'test/account/worker.ts';
/** One in this many is junk made from the next picture. */
const JUNK_EVERY = 4;
const GOOD_EVERY = 10;
const PROGRESS_EVERY = 500;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '3000' },
    seed: { type: 'string', default: '1' },
    megapixels: { type: 'string', default: '50' },
    help: { type: 'boolean', default: false },
  },
});

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly taken: MemoryTaken;
}

interface Run {
  readonly wrong: string[];
  readonly over: string[];
  readonly changed: string[];
  readonly peaks: Record<keyof MemoryTaken | 'sum', number>;
  /** The largest sum at an answer about a format. */
  readonly byFormat: Map<string, number>;
  readonly statuses: Map<number, number>;
  residentMiB: number | undefined;
}

if (values.help) console.log(USAGE);
else {
  endChildrenOnSignal();
  const worker = await temporaryWorker([WORKER]);
  try {
    await prove(worker.url);
  } finally {
    await worker.close();
  }
}

async function prove(url: string): Promise<void> {
  const count = wholeNumber('count', values.count, 1);
  const seed = wholeNumber('seed', values.seed, 0);
  const response = await fetch(`${url}/v1/limits`);
  // The Worker's own answer, in the form of its schema.
  const limits = (await response.json()) as { image: { max_pixels: Record<string, number> } };
  const pictures: Picture[] = [];
  const most = wholeNumber('megapixels', values.megapixels, 1);
  for await (const one of accountPictures(limits.image.max_pixels, most)) pictures.push(one);
  console.log(`${pictures.length} pictures are drawn`);
  const run = await send(url, pictures, count, seed);
  describe(run);
  await report({
    [`${count} of ${pictures.length} pictures and junk: no 5xx, and those within the limits are answered`]:
      async () => none(run.wrong),
    [`the account never passes ${LIMIT_BYTES / 1e6} MB`]: async () => none(run.over),
    'a good photo after every tenth is answered as at first': async () => none(run.changed),
    'all four wasm memories were used': async () =>
      assert.ok(Math.min(run.peaks.runtime, run.peaks.photon, run.peaks.jpeg, run.peaks.magick) > 0),
  });
}

async function send(url: string, pictures: readonly Picture[], count: number, seed: number): Promise<Run> {
  const good = Uint8Array.from(await picture(SPIDER_WEB, 'jpeg-420', { width: 640, height: 480 }));
  const quiet = await classify(url, good);
  const run: Run = {
    wrong: quiet.text.includes('"spider web"') ? [] : [`the good photo: ${quiet.text}`],
    over: [],
    changed: [],
    peaks: { runtime: 0, photon: 0, jpeg: 0, magick: 0, js: 0, sum: 0 },
    byFormat: new Map(),
    statuses: new Map(),
    residentMiB: undefined,
  };
  // Each once, in random order, before any is repeated.
  let order: Picture[] = [];
  for (let i = 0; i < count; i++) {
    const random = randomOf(seed, i);
    if (order.length === 0) order = [...pictures];
    const [next] = order.splice(random.below(order.length), 1);
    if (next === undefined) break;
    const isJunk = random.below(JUNK_EVERY) === 0;
    const name = isJunk ? `junk of ${next.name}` : next.name;
    const answer = await classify(url, isJunk ? junkOf(next.bytes, random) : next.bytes);
    note(run, name, next, answer);
    if (answer.status >= 500 || (next.fits && !isJunk && answer.status !== 200)) {
      run.wrong.push(`${name}: ${answer.status} ${answer.text.slice(0, 200)}`);
    }
    if (i % GOOD_EVERY === 0) {
      const again = await classify(url, good);
      if (again.text !== quiet.text) run.changed.push(`after ${name}: ${again.text.slice(0, 200)}`);
      run.residentMiB = Math.max(run.residentMiB ?? 0, workerMiB() ?? 0) || undefined;
    }
    if ((i + 1) % PROGRESS_EVERY === 0) console.log(`${i + 1} of ${count}`);
  }
  return run;
}

function note({ peaks, byFormat, statuses, over }: Run, name: string, { name: of }: Picture, answer: Answer) {
  const { runtime, photon, jpeg, magick, js } = answer.taken;
  const sum = runtime + photon + jpeg + magick + js;
  for (const [what, bytes] of Object.entries({ runtime, photon, jpeg, magick, js, sum }) as [
    keyof typeof peaks,
    number,
  ][]) {
    peaks[what] = Math.max(peaks[what], bytes);
  }
  const format = of.split(/[ -]/)[0] ?? of;
  byFormat.set(format, Math.max(byFormat.get(format) ?? 0, sum));
  statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
  if (sum > LIMIT_BYTES) over.push(`${name}: ${mb(sum)} MB, ${JSON.stringify(answer.taken)}`);
}

/** A part of the file, the file with some bytes changed, or other bytes. */
function junkOf(bytes: Uint8Array, random: ReturnType<typeof randomOf>): Uint8Array<ArrayBuffer> {
  const kind = random.below(3);
  if (kind === 0) return Uint8Array.from(bytes.subarray(0, random.below(bytes.length)));
  const changed = Uint8Array.from(bytes);
  const changes = kind === 1 ? 1 + random.below(20) : Math.min(2000, bytes.length);
  for (let n = 0; n < changes; n++) changed[kind === 1 ? random.below(bytes.length) : n] = random.below(256);
  return changed;
}

async function classify(url: string, body: Uint8Array<ArrayBuffer>): Promise<Answer> {
  const response = await fetch(`${url}/v1/classify`, { method: 'POST', body });
  const taken = response.headers.get('x-memory');
  const text = await response.text();
  if (taken === null) throw new Error(`${response.status} without x-memory: ${text.slice(0, 200)}`);
  // As test/account/worker.ts writes it.
  return { status: response.status, text, taken: JSON.parse(taken) as MemoryTaken };
}

function describe({ peaks, byFormat, statuses, residentMiB }: Run): void {
  console.log(`answers by status: ${[...statuses].map(([status, n]) => `${status} ${n}`).join(', ')}`);
  console.log(
    `peaks, MB: ${Object.entries(peaks)
      .map(([what, bytes]) => `${what} ${mb(bytes)}`)
      .join(', ')}`,
  );
  console.log(`largest sum, MB: ${[...byFormat].map(([format, sum]) => `${format} ${mb(sum)}`).join(', ')}`);
  console.log(
    `resident at most ${residentMiB?.toFixed(0) ?? '(not known here)'} MiB beyond the proxy's: compiled code of three ` +
      'modules, the heap of V8, and what it has not collected, since nothing bounds this isolate',
  );
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
