/** An import that is interrupted by killing the Worker: a part exists, and sending the same file again completes it. */
import assert from 'node:assert/strict';
import type { Checks } from '../conformance/report.ts';

/** Enough that an import takes some time, and a part of them exists before the rest. */
const ITEMS = 4000;
const LABELS = 4;

/** Kept in one transaction: `src/transfer/item-import.ts`. */
const KEPT_AT_ONCE = 500;

const NAME = 'killed-import';

interface Restarted {
  /** Where the Worker answers now. */
  url(): string;
  /** Kills it, and starts another one with the same state. */
  restart(): Promise<void>;
}

const FILE = Array.from({ length: ITEMS }, (_, item) => {
  const embedding = Array.from(
    { length: 1024 },
    (__, at) => ((item * 31 + at * (1 + (item % LABELS))) % 19) - 9,
  );
  return `${JSON.stringify({ id: `item-${item}`, label: `label-${item % LABELS}`, embedding })}\n`;
}).join('');

export const importChecks = ({ url, restart }: Restarted): Checks => ({
  'killed in the middle of an import: whole parts are there, and the same file brings the rest': async () => {
    await sent(url(), 'PUT', '');
    const importing = imported(url()).catch(() => undefined);
    let before = 0;
    while (before < KEPT_AT_ONCE) before = (await status(url())).items;
    assert.ok(before < ITEMS, 'the import was over before it could be interrupted');
    await restart();
    assert.equal(await importing, undefined, 'the import was answered');
    const { items: kept } = await status(url());
    assert.ok(kept >= before && kept < ITEMS && kept % KEPT_AT_ONCE === 0, `${kept} items`);
    console.log(`   ${kept} of ${ITEMS} items`);
    const there = await exported(url());
    assert.deepEqual(there, FILE.split('\n').slice(0, kept).map(idOf));

    const rest = await imported(url());
    assert.deepEqual(rest.items, { added: ITEMS - kept, replaced: 0, unchanged: kept, failed: 0 });
    assert.deepEqual(await exported(url()), FILE.split('\n').slice(0, -1).map(idOf));
    const again = await imported(url());
    assert.deepEqual(again, { ...rest, items: { added: 0, replaced: 0, unchanged: ITEMS, failed: 0 } });
  },

  'what was activated and imported answers after a kill too': async () => {
    await sent(url(), 'POST', '/train');
    const head = await (await sent(url(), 'GET', '/export')).json();
    const { head: first } = (await (await sent(url(), 'POST', '/import', head)).json()) as { head: Version };
    await restart();
    assert.equal((await status(url())).active_version, first.version);
    const after = await (await sent(url(), 'GET', '/export')).json();
    assert.deepEqual(after, { ...(head as object), version: first.version });
    const { versions } = (await (await sent(url(), 'GET', '/versions')).json()) as { versions: Version[] };
    assert.equal(versions.length, 2);
    await sent(url(), 'POST', `/versions/${versions[1]?.version}/activate`);
    await restart();
    assert.equal((await status(url())).active_version, versions[1]?.version);
    await sent(url(), 'DELETE', '');
  },
});

interface Version {
  readonly version: number;
}

async function sent(to: string, method: string, rest: string, body?: unknown): Promise<Response> {
  const response = await fetch(`${to}/v1/collections/${NAME}${rest}`, {
    method,
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
  });
  assert.ok(response.ok, `${method} ${rest}: ${response.status}`);
  return response;
}

async function imported(to: string): Promise<{ items: Record<string, number>; collection: object }> {
  const response = await fetch(`${to}/v1/collections/${NAME}/import`, {
    method: 'POST',
    body: FILE,
    headers: { 'content-type': 'application/x-ndjson' },
  });
  const answer = (await response.json()) as { items: Record<string, number>; errors: []; collection: object };
  assert.ok(response.ok, JSON.stringify(answer).slice(0, 300));
  const { errors, ...rest } = answer;
  assert.deepEqual(errors, []);
  return rest;
}

async function status(to: string): Promise<{ items: number; active_version?: number }> {
  return (await sent(to, 'GET', '')).json() as Promise<{ items: number; active_version?: number }>;
}

async function exported(to: string): Promise<string[]> {
  const text = await (await sent(to, 'GET', '/export?format=items')).text();
  return text.split('\n').slice(0, -1).map(idOf);
}

function idOf(line: string): string {
  return (JSON.parse(line) as { id: string }).id;
}
