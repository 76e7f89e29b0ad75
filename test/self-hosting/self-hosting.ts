/**
 * The Worker in plain workerd, as `npm run serve` starts it: every route and protocol, files, limits, metrics, and what
 * survives a restart. `scripts/self-hosting.mjs` has built it before.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { residentMiB } from '../../bench/workerd.ts';
import { createClient } from '../../client/client.ts';
import { endChildrenOnSignal } from '../../scripts/process.mjs';
import { report } from '../conformance/report.ts';
import { draw, encode } from '../pictures/encode.ts';
import { DIGITAL_CLOCK } from '../pictures/scenes.ts';
import { pageChecks } from '../smoke/pages.ts';
import { pictureChecks } from '../smoke/pictures.ts';
import { refusalChecks } from '../smoke/refusals.ts';
import { serviceChecks } from '../smoke/service.ts';
import { lineOf } from '../wire/log.ts';
import { recognizes, teach } from './collections.ts';
import { entranceChecks } from './entrances.ts';
import { sumOf } from './exposition.ts';
import { startSelfHosted } from './server.ts';

const KEY = 'mne_of-this-run';
const API_KEYS = `partner:${createHash('sha256').update(KEY).digest('hex')}`;
const SIZE = { width: 640, height: 480 };
const LABEL = 'digital clock';
const FEW = '5';
/** `MemoryMax` of `self-hosting/mobilenet-edge.service`. */
const MEMORY_MIB = 1024;
/** The requests that an address may make in a minute. */
const WRONG_KEYS = 10;

endChildrenOnSignal();
const state = mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-state-'));
process.once('exit', () => rmSync(state, { recursive: true, force: true }));
const file = Uint8Array.from(await encode(await draw(DIGITAL_CLOCK, SIZE), 'jpeg-420', SIZE));
const withKey = { 'x-api-key': KEY };

const post = (url: string, headers: Record<string, string>, body: BodyInit = file) =>
  fetch(`${url}/v1/classify`, { method: 'POST', body, headers });

async function wrong(url: string, headers: Record<string, string> = {}): Promise<number> {
  const response = await post(url, { 'x-api-key': 'wrong', ...headers }, 'x');
  await response.body?.cancel();
  return response.status;
}

const first = await startSelfHosted(state, { API_KEYS, KEY_RIGHTS: 'partner=teach' });
const { url, metricsUrl } = first;
const client = createClient({ url, key: KEY });
await report({
  ...serviceChecks(client, url),
  ...(await pictureChecks(client)),
  ...refusalChecks(url, KEY, await client.limits()),
  ...pageChecks(url),
  ...entranceChecks(url, KEY, file, LABEL),
  'a picture that was seen before is not looked at again': async () => {
    const seen = Buffer.concat([file, Buffer.from('!')]);
    const answers = [await post(url, withKey, seen), await post(url, withKey, seen)];
    assert.deepEqual(
      answers.map(({ headers }) => headers.get('cache-status')),
      ['mobilenet-edge; fwd=miss', 'mobilenet-edge; hit'],
    );
    const [miss, hit] = await Promise.all(answers.map((answer) => answer.text()));
    assert.equal(hit, miss);
  },
  'a file is as a page is, and not sent again to who has it': async () => {
    const [page, script] = await Promise.all([fetch(`${url}/docs`), fetch(`${url}/reference/reference.js`)]);
    assert.equal(script.headers.get('content-type'), 'text/javascript; charset=utf-8');
    for (const name of ['content-security-policy', 'x-content-type-options', 'referrer-policy'])
      assert.equal(script.headers.get(name), page.headers.get(name), name);
    const headers = { 'if-none-match': script.headers.get('etag') ?? '' };
    assert.equal((await fetch(`${url}/reference/reference.js`, { headers })).status, 304);
    assert.equal((await fetch(`${url}/reference/reference.js`, { method: 'HEAD' })).status, 200);
  },
  'nothing but files is served of their folder': async () => {
    for (const other of [
      '/_headers',
      '/playground',
      '/playground/',
      '/%2e%2e/bundle/worker.js',
      '/..%2fbundle',
    ])
      assert.equal((await fetch(url + other)).status, 404, other);
  },
  'the metrics count what was asked, and are not public': async () => {
    const before = sumOf(await (await fetch(metricsUrl)).text(), 'requests_total', { route: '/v1/labels' });
    await (await fetch(`${url}/v1/labels`)).text();
    const text = await (await fetch(metricsUrl)).text();
    assert.equal(sumOf(text, 'requests_total', { route: '/v1/labels' }), before + 1);
    assert.ok(sumOf(text, 'pictures_total', { format: 'jpeg', cache: 'hit' }) > 0);
    assert.ok(sumOf(text, 'body_bytes_total', {}) > file.length);
    assert.equal((await fetch(`${url}/metrics`)).status, 404);
  },
  'an address that is made up is not believed, and ten wrong keys are enough': async () => {
    const statuses = [];
    for (let i = 0; i <= WRONG_KEYS; i++)
      statuses.push(await wrong(url, { 'cf-connecting-ip': `192.0.2.${i}` }));
    assert.equal(statuses.at(-1), 429);
    assert.equal((await post(url, withKey)).status, 200);
  },
  'a collection learns, and is used': async () => {
    await teach(url, KEY);
    await recognizes(url, KEY);
  },
  'its memory is within what docs/self-hosting.md gives it': async () => {
    // Easy to read on Linux only.
    if (process.platform !== 'linux' || first.pid === undefined) return;
    const resident = residentMiB(first.pid);
    console.log(`   it holds ${resident.toFixed(0)} MiB`);
    assert.ok(resident < MEMORY_MIB, `${resident} MiB`);
  },
  'it ends when it is told to': async () => assert.equal(await first.close(), 0),
});

const second = await startSelfHosted(state, {
  ALLOW_ANONYMOUS: 'true',
  API_KEYS,
  RATE_LIMIT_REQUESTS: FEW,
  MAX_IMAGE_BYTES: '60000',
  CLIENT_ADDRESS_HEADER: 'x-forwarded-for',
});
await report({
  'settings come from the environment': async () => {
    const { anonymous, image } = await createClient({ url: second.url }).limits();
    assert.deepEqual([anonymous, image.max_bytes], [true, 60_000]);
  },
  'its collections are there again': () => recognizes(second.url, KEY),
  'the rate limit is what the settings say, by the address that the proxy has seen': async () => {
    const statuses = async (last: string) => {
      const found = [];
      for (let i = 0; i <= Number(FEW); i++) {
        const headers = { 'x-forwarded-for': `203.0.113.${i}, ${last}` };
        found.push((await post(second.url, headers, 'x')).status);
      }
      return found;
    };
    const inTurn = [...Array<number>(Number(FEW)).fill(415), 429];
    assert.deepEqual(await statuses('192.0.2.1'), inTurn);
    assert.deepEqual(await statuses('192.0.2.2'), inTurn);
  },
  'what is limited, by whom and how, is in its log': async () => {
    const headers = { 'x-request-id': 'of-the-log', 'x-forwarded-for': '192.0.2.3' };
    await (await post(second.url, headers, 'x')).text();
    const { status, code } = await lineOf('of-the-log', second.output);
    assert.deepEqual([status, code], [415, 'image_format_unsupported']);
  },
  'it ends again': async () => assert.equal(await second.close(), 0),
});

const third = await startSelfHosted(state, { RATE_LIMIT_REQUESTS: 'many' });
await report({
  'a wrong setting stops it, and the log says which': async () => {
    assert.equal((await post(third.url, {})).status, 500);
    assert.match(third.output(), /RATE_LIMIT_REQUESTS must be a whole number of requests/);
  },
  'it ends once more': async () => assert.equal(await third.close(), 0),
});

const fourth = await startSelfHosted(state, { JOBS_NEW_PICTURES: '[{}, {"options": {"top_k": 0}}]' });
await report({
  'so does a wrong option of new pictures': async () => {
    assert.equal((await post(fourth.url, {})).status, 500);
    assert.match(fourth.output(), /JOBS_NEW_PICTURES, entry 2: top_k must be a whole number/);
  },
  'it ends for good': async () => assert.equal(await fourth.close(), 0),
});
