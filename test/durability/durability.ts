/**
 * Everything that was acknowledged survives when the process is killed, and requests from many connections at once end
 * in the right counts. Runs against `wrangler dev`, whose process group gets SIGKILL during teaching; the next one
 * takes over its state.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { temporaryWorker } from '../../scripts/dev-server.mjs';
import { endChildrenOnSignal } from '../../scripts/process.mjs';
import { report } from '../conformance/report.ts';
import { importChecks } from './imports.ts';

const CONNECTIONS = 16;
const LABELS = 5;
/** Items that are acknowledged before a kill, so that it comes at another moment each time. */
const KILLS = [25, 110, 260];

/** The collections that each caller adds to, and how they are made. */
const COLLECTIONS = new Map<string, object>([
  ['killed', {}],
  ['killed-in-shards', { shards: 3 }],
]);
const NAMES = [...COLLECTIONS.keys()];
const [TAUGHT = ''] = NAMES;

endChildrenOnSignal();
const state = mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-durability-'));
process.once('exit', () => rmSync(state, { recursive: true, force: true }));

type Worker = Awaited<ReturnType<typeof temporaryWorker>>;
const start = (): Promise<Worker> => temporaryWorker(['--var', 'CACHE_SECONDS:0'], state);

/** What was acknowledged: the label of each id, or null if it was removed. Ids begin with the collection. */
const answered = new Map<string, string | null>();
/** Ids of requests without an answer: they may exist or not. */
const open = new Set<string>();
/** The highest version that was answered for each collection. */
const newest = new Map<string, number>();

/** An embedding near the centre of its label. */
function embedding(label: number, example: number): string {
  const numbers = Float32Array.from(
    { length: 1024 },
    (_, at) => Math.sin(label * 131 + at * 17.3) + 0.4 * Math.sin(example * 977 + at * 3.7),
  );
  return Buffer.from(numbers.buffer).toString('base64');
}

async function ask(
  url: string,
  name: string,
  method: string,
  rest: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/v1/collections/${name}${rest}`, {
    method,
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${name}${rest}: ${response.status} ${text.slice(0, 300)}`);
  return JSON.parse(text);
}

/**
 * One caller: adds in turn one, three, one… items, and removes every seventh. Stops when the server does, or at the
 * end.
 */
async function caller(url: string, number: number, round: number, most: number): Promise<void> {
  const name = NAMES[number % NAMES.length] ?? TAUGHT;
  for (let turn = 0; turn < most; turn++) {
    const items = Array.from({ length: turn % 2 === 0 ? 1 : 3 }, (_, at) => {
      const example = round * 100_000 + number * 1000 + turn * 3 + at;
      return { id: `${name}:${round}-${number}-${turn}-${at}`, label: example % LABELS, example };
    });
    for (const { id } of items) open.add(id);
    try {
      const { collection } = await ask(url, name, 'POST', '/items', {
        items: items.map(({ id, label, example }) => ({
          id,
          label: `label-${label}`,
          embedding: embedding(label, example),
        })),
      });
      note(name, collection);
      for (const { id, label } of items) {
        open.delete(id);
        answered.set(id, `label-${label}`);
      }
      if (turn % 7 === 6) {
        const [{ id }] = items as [(typeof items)[number]];
        open.add(id);
        note(name, (await ask(url, name, 'DELETE', `/items/${id}`)).collection);
        open.delete(id);
        answered.set(id, null);
      }
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      return;
    }
  }
}

function note(name: string, collection: unknown): void {
  newest.set(name, Math.max(newest.get(name) ?? 0, (collection as { version: number }).version));
}

const callers = (url: string, round: number, most: number) =>
  Promise.all(Array.from({ length: CONNECTIONS }, (_, number) => caller(url, number, round, most)));

async function everything(url: string): Promise<Map<string, string | null>> {
  const all = await Promise.all(NAMES.map((name) => allOf(url, name)));
  return new Map(all.flatMap((one) => [...one]));
}

async function allOf(url: string, name: string): Promise<Map<string, string | null>> {
  const all = new Map<string, string | null>();
  for (let cursor: unknown = ''; cursor !== undefined; ) {
    const page = await ask(url, name, 'GET', `/items?limit=1000${cursor === '' ? '' : `&cursor=${cursor}`}`);
    for (const { id, label } of page.items as { id: string; label: string }[]) {
      assert.ok(!all.has(id), `${id} comes twice`);
      all.set(id, label);
    }
    cursor = page.next_cursor;
  }
  return all;
}

/** Compares what is stored with what was acknowledged. */
async function check(url: string): Promise<number> {
  const all = await everything(url);
  for (const [id, label] of answered) {
    if (open.has(id)) continue;
    assert.equal(all.get(id) ?? null, label, `${id} was answered as ${label}`);
  }
  for (const id of all.keys()) assert.ok(answered.has(id) || open.has(id), `${id} was never sent`);
  for (const name of NAMES) await checkStatus(url, name, await allOf(url, name));
  return all.size;
}

async function checkStatus(
  url: string,
  name: string,
  all: ReadonlyMap<string, string | null>,
): Promise<void> {
  const status = await ask(url, name, 'GET', '');
  assert.equal(status.items, all.size);
  assert.equal(status.labelled, all.size);
  const counts = new Map<string, number>();
  for (const label of all.values()) counts.set(String(label), (counts.get(String(label)) ?? 0) + 1);
  assert.deepEqual(
    Object.fromEntries(
      (status.labels as { label: string; count: number }[]).map(({ label, count }) => [label, count]),
    ),
    Object.fromEntries([...counts].toSorted()),
  );
  const least = newest.get(name) ?? 0;
  assert.ok(Number(status.version) >= least, `${name}: version ${status.version}, and ${least} was answered`);
}

/** The whole group, so that workerd has no time to write anything. */
async function kill(worker: Worker): Promise<void> {
  assert.ok(worker.pid);
  process.kill(-worker.pid, 'SIGKILL');
  await worker.close();
}

let worker = await start();
for (const [name, making] of COLLECTIONS) await ask(worker.url, name, 'PUT', '', making);

const checks: Record<string, () => Promise<void>> = {};
for (const [round, goal] of KILLS.entries()) {
  checks[`killed after ${goal} items: all that was answered is there, and nothing else`] = async () => {
    const before = answered.size;
    const done = callers(worker.url, round, 10_000);
    while (answered.size - before < goal) await wait(5);
    // A training is also under way at that moment.
    const training = ask(worker.url, TAUGHT, 'POST', '/train').catch(() => undefined);
    await wait(20);
    await kill(worker);
    await Promise.all([done, training]);
    worker = await start();
    const stored = await check(worker.url);
    console.log(`   ${stored} items; ${open.size} requests had no answer`);
    // The state of those is known now.
    for (const [id, label] of await everything(worker.url)) answered.set(id, label);
    open.clear();
  };
}
checks[`${CONNECTIONS} connections that add and remove at once end in the right counts`] = async () => {
  await callers(worker.url, 9, 15);
  assert.equal(open.size, 0);
  const stored = await check(worker.url);
  assert.equal(stored, [...answered.values()].filter((label) => label !== null).length);
};
checks['after all that, items in shards are found'] = async () => {
  const [name = ''] = NAMES.slice(1);
  const body = { embedding: embedding(2, 0), top_k: 5 };
  const { matches } = await ask(worker.url, name, 'POST', '/search', body);
  for (const { label } of matches as { label: string }[]) assert.equal(label, 'label-2');
  assert.equal((matches as unknown[]).length, 5);
};
checks['after all that it trains, and answers with what it was shown'] = async () => {
  const { state: ready, accuracy } = await ask(worker.url, TAUGHT, 'POST', '/train');
  assert.equal(ready, 'ready');
  assert.ok((accuracy as { value: number }).value > 0.95, JSON.stringify(accuracy));
};
Object.assign(
  checks,
  importChecks({
    url: () => worker.url,
    async restart() {
      await kill(worker);
      worker = await start();
    },
  }),
);
checks['what was deleted is gone after a kill too'] = async () => {
  for (const name of NAMES) {
    const response = await fetch(`${worker.url}/v1/collections/${name}`, { method: 'DELETE' });
    assert.equal(response.status, 204);
  }
  await kill(worker);
  worker = await start();
  for (const name of NAMES) {
    const after = await fetch(`${worker.url}/v1/collections/${name}`);
    assert.equal(after.status, 404);
  }
  const { collections } = (await (await fetch(`${worker.url}/v1/collections`)).json()) as {
    collections: unknown[];
  };
  assert.deepEqual(collections, []);
};

try {
  await report(checks);
} finally {
  await worker.close();
}
