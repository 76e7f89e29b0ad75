/**
 * What only a real connection shows: answers to callers that are still sending, callers that disconnect in the middle,
 * and the headers of files that the platform serves without the Worker. Runs against `wrangler dev`.
 *
 * workerd determines when a disconnected caller is noticed. Locally that is when a body breaks off and when a streamed
 * answer can no longer be written; while a handler works, its `request.signal` stays silent.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { firstAnswer, type Server, startWorkerd } from '../../bench/workerd.ts';
import { temporaryWorker } from '../../scripts/dev-server.mjs';
import { endChildrenOnSignal, run } from '../../scripts/process.mjs';
import { tool } from '../../scripts/toolchain.mjs';
import { report } from '../conformance/report.ts';
import { drawSeeds } from '../fuzz/seeds.ts';
import { lineOf } from './log.ts';
import { head, received, sent } from './socket.ts';
import { waiting } from './waiting.ts';

const MIB = 2 ** 20;
const KEY = 'mne_of-this-run';
const BATCH = 32;
/** Waiting callers, and how many are allowed by the setting. */
const [WAITING, OPEN_REQUESTS] = [1000, 100];
/** More wrong keys than are allowed in a minute. */
const WRONG_KEYS = 11;

endChildrenOnSignal();
const sha256 = createHash('sha256').update(KEY).digest('hex');
const worker = await temporaryWorker(['--var', `API_KEYS:wire:${sha256}`]);
const { url, output } = worker;
const [photo] = await drawSeeds();
assert.ok(photo);
const file = photo.bytes;

/** One with a declared length, and one without. */
const BODIES: Readonly<Record<string, (bytes: number) => BodyInit>> = {
  'of a known length': (bytes) => new Uint8Array(bytes),
  'of an unknown length': (bytes) => new Blob([new Uint8Array(bytes)]).stream(),
};

async function answerTo(body: BodyInit, headers: Record<string, string>): Promise<[number, string]> {
  // Node requires the option to send and receive at once; the DOM's type lacks it.
  const init = { method: 'POST', body, headers, duplex: 'half' } as RequestInit;
  const response = await fetch(`${url}/v1/classify`, init);
  const { code } = (await response.json()) as { code: string };
  return [response.status, code];
}

function formOf(count: number): Uint8Array {
  const part = '--b\r\ncontent-disposition: form-data; name="image"; filename="a"\r\n\r\n';
  const parts = Array.from({ length: count }, () => [Buffer.from(part), file, Buffer.from('\r\n')]).flat();
  return Buffer.concat([...parts, Buffer.from('--b--\r\n')]);
}

async function classifies(of: string): Promise<void> {
  const response = await fetch(`${of}/v1/classify`, { method: 'POST', body: Uint8Array.from(file) });
  assert.ok((await response.text()).includes(`"${photo?.label}"`));
}

const early = Object.entries(BODIES).flatMap(([what, body]) => [
  [
    `a body of 30 MiB ${what}: its sender reads the 413`,
    async () => assert.deepEqual(await answerTo(body(30 * MIB), {}), [413, 'body_too_large']),
  ],
  [
    `a wrong key before 20 MiB ${what}: their sender reads the 401`,
    async () =>
      assert.deepEqual(await answerTo(body(20 * MIB), { 'x-api-key': 'wrong' }), [401, 'key_wrong']),
  ],
]);

const throttled = Object.entries(BODIES).map(([what, body]) => [
  `too many wrong keys before 20 MiB ${what}: their sender reads the 429`,
  async () => {
    const headers = { 'x-api-key': 'wrong', 'cf-connecting-ip': '192.0.2.1' };
    for (let i = 0; i < WRONG_KEYS; i++) await answerTo('x', headers);
    assert.deepEqual(await answerTo(body(20 * MIB), headers), [429, 'key_throttled']);
  },
]);

try {
  await report({
    'files and pages tell browsers the same': async () => {
      const page = await fetch(`${url}/docs`);
      const policy = page.headers.get('content-security-policy');
      assert.match(policy ?? '', /^default-src 'none'; script-src 'self'; style-src 'self';/);
      for (const path of ['/reference/reference.js', '/vendor/swagger-ui-dist/swagger-ui.css']) {
        const { status, headers } = await fetch(url + path);
        assert.equal(status, 200);
        for (const name of [
          'content-security-policy',
          'x-content-type-options',
          'referrer-policy',
          'x-frame-options',
        ])
          assert.equal(headers.get(name), page.headers.get(name), `${name} of ${path}`);
        // Their names do not change with their content.
        assert.match(headers.get('cache-control') ?? '', /max-age=0, must-revalidate/);
      }
      assert.equal((await fetch(`${url}/_headers`)).status, 404);
    },
    ...Object.fromEntries(early),
    ...Object.fromEntries(throttled),
    'a caller who closes before the end of the body: nothing is decoded': async () => {
      const headers = { 'x-request-id': 'half-a-body', 'content-length': file.length };
      const socket = await sent(url, head('/v1/classify', headers), file.subarray(0, 100));
      socket.end();
      const { status, code, pictures } = await lineOf('half-a-body', output);
      assert.deepEqual([status, code, pictures], [400, 'body_interrupted', 0]);
    },
    'a caller who closes in the midst of lines: the rest is not decoded': async () => {
      const body = formOf(BATCH);
      const headers = {
        'x-request-id': 'half-the-lines',
        'content-length': body.length,
        'content-type': 'multipart/form-data; boundary=b',
        accept: 'application/x-ndjson',
      };
      const socket = await sent(url, head('/v1/batch', headers), body);
      await received(socket, /"index":0/);
      socket.resetAndDestroy();
      const { code, pictures } = await lineOf('half-the-lines', output);
      assert.equal(code, 'caller_gone');
      assert.ok(pictures < BATCH, `${pictures} of ${BATCH} were decoded`);
    },
    'the Worker answers as before': () => classifies(url),
  });
} finally {
  await worker.close();
}

if (process.platform === 'linux') await reportWaiting();

/** Without wrangler in between, which reads the rest of a body before it passes an answer on. */
async function reportWaiting(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-wire-'));
  const command = tool('wrangler', ['deploy', '--dry-run', '--env=', '--outdir', folder]);
  assert.equal(await run(command, { env: { WRANGLER_LOG: 'error' } }), 0);
  try {
    for (const limit of [2 * WAITING, OPEN_REQUESTS]) {
      const server = await startWorkerd(folder, { vars: { MAX_OPEN_REQUESTS: String(limit) } });
      try {
        await report(waitingChecks(server, limit));
      } finally {
        await server.stop();
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function waitingChecks(server: Server, limit: number): Parameters<typeof report>[0] {
  const refused = Math.max(0, WAITING - limit);
  return {
    [`${WAITING} callers send a kilobyte and wait: of them ${refused} are refused at once, and then a photo is answered`]:
      async () => {
        await firstAnswer(server.url);
        await classifies(server.url);
        const { answered, grownMiB, end } = await waiting(server, WAITING);
        const each = ((1024 * grownMiB) / WAITING).toFixed(0);
        console.log(
          `${limit} may be open: ${grownMiB.toFixed(1)} MiB more for ${WAITING} callers, ${each} KiB each`,
        );
        assert.deepEqual([...answered], refused === 0 ? [] : [['429', refused]]);
        await end();
        await classifies(server.url);
      },
  };
}
