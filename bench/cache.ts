/**
 * What a cached picture costs compared with one that is not: CPU time of workerd, read from outside.
 *
 *     node bench/cache.ts [requests of each kind, default 120]
 *
 * Linux only: /proc has the nanoseconds. Two Workers run, one with the cache and one without, and the kinds take turns
 * in blocks, so that other load on the machine affects all of them. What is refused at its first byte costs as much as
 * any request of its size. The proxy of `wrangler dev` is a process of its own and not counted; its implementation of
 * the Cache API runs in the Worker's process and is counted. So a hit costs less on the platform than here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { temporaryWorker } from '../scripts/dev-server.mjs';
import { endChildrenOnSignal } from '../scripts/process.mjs';
import { picture } from '../test/pictures/encode.ts';
import { CROSSWORD } from '../test/pictures/scenes.ts';
import { workerdsBelow } from '../test/soak/memory.ts';

const requests = Number(process.argv[2] ?? 120);
const BLOCK = 10;
/** Time for an entry to be written after its answer, and for the garbage collector. */
const SETTLE_MILLISECONDS = 100;
const SIZES = [
  { width: 640, height: 480 },
  { width: 4000, height: 3000 },
];

interface Server {
  readonly url: string;
  readonly pid: string;
}

interface Kind {
  readonly name: string;
  readonly server: Server;
  readonly status: string;
  /** The file of the next request. */
  readonly next: () => Uint8Array<ArrayBuffer>;
  milliseconds: number;
  requests: number;
}

let made = 0;

endChildrenOnSignal();
const workers = await Promise.all(
  [600, 0].map((seconds) => temporaryWorker(['--var', `CACHE_SECONDS:${seconds}`])),
);
try {
  console.log(
    '| JPEG | kB | known: CPU ms | not known | cache off | refused | known / off | not known / off |',
  );
  console.log('|---|---|---|---|---|---|---|---|');
  for (const size of SIZES) await line(size);
} finally {
  for (const { close } of workers) await close();
}

async function line(size: (typeof SIZES)[number]): Promise<void> {
  const file = new Uint8Array(await picture(CROSSWORD, 'jpeg-420', size));
  const [on, off] = await Promise.all(workers.map((worker) => serverOf(worker, file)));
  if (on === undefined || off === undefined) throw new Error('there is no Worker');
  const nothing = { milliseconds: 0, requests: 0 };
  const hit = { name: 'hit', server: on, status: 'hit', next: () => file, ...nothing };
  const miss = { name: 'miss', server: on, status: 'fwd=miss', next: () => commented(file), ...nothing };
  const bypass = { name: 'off', server: off, status: 'fwd=bypass', next: () => commented(file), ...nothing };
  const refused = { name: 'refused', server: off, status: '', next: () => unlike(file), ...nothing };
  const kinds: readonly Kind[] = [hit, miss, bypass, refused];

  // Warm-up: code is compiled, and the one picture is cached.
  for (const kind of kinds) await block({ ...kind, status: '' });
  while (hit.requests < requests) for (const kind of kinds) await block(kind);
  const [known = 0, unknown = 0, none = 0, floor = 0] = kinds.map(
    (kind) => kind.milliseconds / kind.requests,
  );
  const cells = [
    `${size.width}×${size.height}`,
    (file.byteLength / 1000).toFixed(0),
    ...[known, unknown, none, floor].map((milliseconds) => milliseconds.toFixed(1)),
    ...[known / none, unknown / none].map((ratio) => ratio.toFixed(2)),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

async function block(kind: Kind): Promise<void> {
  const { server, status, next } = kind;
  const files = Array.from({ length: BLOCK }, next);
  const before = cpuMilliseconds(server.pid);
  for (const body of files) {
    const response = await fetch(`${server.url}/v1/classify`, { method: 'POST', body });
    await response.arrayBuffer();
    const said = response.headers.get('cache-status') ?? '';
    if (response.status >= 500 || !said.endsWith(status))
      throw new Error(`${kind.name}: ${response.status} ${said}`);
  }
  await pause(SETTLE_MILLISECONDS);
  kind.milliseconds += cpuMilliseconds(server.pid) - before;
  kind.requests += BLOCK;
}

/** The Worker's own process. It differs from its proxy's by the memory that its first picture takes. */
async function serverOf(worker: (typeof workers)[number], body: Uint8Array<ArrayBuffer>): Promise<Server> {
  await (await fetch(`${worker.url}/v1/classify`, { method: 'POST', body })).arrayBuffer();
  const [ours] = worker.pid === undefined ? [] : workerdsBelow(worker.pid);
  if (ours === undefined) throw new Error('there is no workerd');
  return { url: worker.url, pid: ours.pid };
}

/** CPU time of all threads of a process so far. */
function cpuMilliseconds(pid: string): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e6;
}

/** The same number of bytes, but no picture. */
function unlike(file: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(file).fill(0, 0, 1);
}

/** The same picture in a file that was never sent before: the comment of the JPEG differs. */
function commented(file: Uint8Array): Uint8Array<ArrayBuffer> {
  const comment = new TextEncoder().encode(String(made++).padStart(12));
  return Uint8Array.from([
    ...[0xff, 0xd8, 0xff, 0xfe, 0, comment.byteLength + 2],
    ...comment,
    ...file.subarray(2),
  ]);
}
