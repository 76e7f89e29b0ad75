/** Who may do what with jobs over HTTP, and invalid requests. */

import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bearer, stored } from '../keys.ts';
import { provided } from '../pictures/provided.ts';
import { post, service } from '../service.ts';
import { ask, bucket, ended, linesOf, openJob, start } from './callers.ts';

// Test files share the storage: this removes what others have left, and what these leave.
beforeEach(() => reset());
afterEach(async () => {
  vi.restoreAllMocks();
  await reset();
});

const [LOADER, OTHER, CALLER] = ['mne_loader', 'mne_other', 'mne_caller'];
const API_KEYS = [
  await stored('loader', LOADER),
  await stored('other', OTHER),
  await stored('caller', CALLER),
].join(',');
const KEY_RIGHTS = 'loader=jobs:2024/; other=jobs';

const open = service({ ALLOW_ANONYMOUS_JOBS: 'true' });
const closed = service();
const keyed = service({ ALLOW_ANONYMOUS: 'false', API_KEYS, KEY_RIGHTS });
const photo = provided('golf-ball.jpeg-420');

const ROUTES = [
  ['/v1/jobs', post('{"source":{"prefix":""}}')],
  ['/v1/jobs', {}],
  ['/v1/jobs/job_00000000000000000000000000000000', {}],
  ['/v1/jobs/job_00000000000000000000000000000000/cancel', post('')],
  ['/v1/jobs/job_00000000000000000000000000000000/retry', post('')],
  ['/v1/jobs/job_00000000000000000000000000000000/results', {}],
] as const;

async function codeOf(response: Response): Promise<[number, string | undefined]> {
  const { code } = await response.json<{ code?: string }>();
  return [response.status, code];
}

describe('jobs', () => {
  it.each(ROUTES)('are off without a bucket or a queue: %s', async (path, init) => {
    for (const missing of ['JOBS_BUCKET', 'JOBS_QUEUE']) {
      const response = await open.request(path, init, { ...env, [missing]: undefined });
      expect(await codeOf(response)).toEqual([403, 'jobs_off']);
    }
    expect(await codeOf(await open.request(path, init))).toEqual([403, 'jobs_off']);
  });

  it.each(ROUTES)('want a right: %s', async (path, init) => {
    expect(await codeOf(await ask(closed, path, init))).toEqual([403, 'right_missing']);
    const withKey = { ...init, headers: bearer(CALLER) };
    expect(await codeOf(await ask(keyed, path, withKey))).toEqual([403, 'right_missing']);
    expect(await codeOf(await ask(keyed, path, init))).toEqual([401, 'anonymous_refused']);
  });

  it('of a key stay below its prefix, in what they read and in what they write', async () => {
    await bucket.put('2024/a.jpg', photo);
    await bucket.put('2025/a.jpg', photo);
    const ask2 = (body: object) =>
      ask(keyed, '/v1/jobs', { ...post(JSON.stringify(body)), headers: bearer(LOADER) });
    for (const prefix of ['', '2025/', '202']) {
      expect(await codeOf(await ask2({ source: { prefix } }))).toEqual([403, 'right_missing']);
    }
    const elsewhere = await ask2({ source: { prefix: '2024/' }, output: { prefix: '2025/' } });
    expect(await codeOf(elsewhere)).toEqual([403, 'right_missing']);
    for (const output of [{ prefix: '2024/labels/' }, { prefix: 'labels/mine/' }, undefined]) {
      expect((await ask2({ source: { prefix: '2024/a' }, ...(output && { output }) })).status).toBe(202);
    }
  });

  it('are seen by their owner alone, and what is foreign is answered as what is missing', async () => {
    await bucket.put('2024/a.jpg', photo);
    const job = await start(keyed, { source: { prefix: '2024/' } }, { headers: bearer(LOADER) });
    expect((await ask(keyed, `/v1/jobs/${job.id}`, { headers: bearer(LOADER) })).status).toBe(200);
    const missing = 'job_00000000000000000000000000000000';
    const answers = await Promise.all(
      [job.id, missing].flatMap((id) =>
        [`/v1/jobs/${id}`, `/v1/jobs/${id}/results`].map(async (path) => {
          const response = await ask(keyed, path, { headers: bearer(OTHER) });
          return `${response.status} ${(await response.text()).replace(/"request_id":"[^"]*"/, '')}`;
        }),
      ),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^404 .*job_unknown/);
    for (const [key, count] of [
      [LOADER, 1],
      [OTHER, 0],
    ] as const) {
      const list = await ask(keyed, '/v1/jobs', { headers: bearer(key) });
      expect((await list.json<{ jobs: object[] }>()).jobs).toHaveLength(count);
    }
  });

  it.each([
    ['nothing', '', 'body_missing'],
    ['no JSON', '{', 'json_invalid'],
    ['no source', '{}', 'field_invalid'],
    ['no object', '[]', 'field_invalid'],
    ['a long prefix', JSON.stringify({ source: { prefix: 'x'.repeat(600) } }), 'field_invalid'],
    ['an unknown task', '{"source":{"prefix":"in/"},"task":"train"}', 'field_invalid'],
    ['a wrong option', '{"source":{"prefix":"in/"},"options":{"top_k":0}}', 'option_invalid'],
    ['a misspelt option', '{"source":{"prefix":"in/"},"options":{"topk":1}}', 'option_invalid'],
    ['a prefix that no key has', '{"source":{"prefix":"nowhere/"}}', 'field_invalid'],
    ['results among no folder', '{"source":{"prefix":"in/"},"output":{"prefix":"out"}}', 'field_invalid'],
    ['results all over', '{"source":{"prefix":"in/"},"output":{"prefix":""}}', 'field_invalid'],
    [
      'results that hide the pictures',
      '{"source":{"prefix":"in/a"},"output":{"prefix":"in/"}}',
      'field_invalid',
    ],
    ['results for pictures', '{"source":{"prefix":"labels/x"}}', 'field_invalid'],
  ])('are refused: %s', async (_what, body, code) => {
    await bucket.put('in/a.jpg', photo);
    await bucket.put('labels/x', photo);
    expect(await codeOf(await ask(open, '/v1/jobs', post(body)))).toEqual([400, code]);
  });

  it.each(['/v1/jobs?cursor=x', '/v1/jobs/ID/results?cursor=-1'])(
    'want a cursor of theirs: %s',
    async (path) => {
      await bucket.put('in/a.jpg', photo);
      const { id } = await start(open, { source: { prefix: 'in/' } });
      expect(await codeOf(await ask(open, path.replace('ID', id)))).toEqual([400, 'option_invalid']);
    },
  );

  it('are listed with the newest first, page by page', async () => {
    await bucket.put('in/a.jpg', photo);
    const ids: string[] = [];
    const many = service({ ALLOW_ANONYMOUS_JOBS: 'true', MAX_OPEN_JOBS: '22' });
    for (let i = 0; i < 22; i++) ids.unshift((await start(many, { source: { prefix: 'in/' } })).id);
    const pages: string[][] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const response = await ask(open, `/v1/jobs${cursor === '' ? '' : `?cursor=${cursor}`}`);
      const page: { jobs: { id: string }[]; cursor: string | null } = await response.json();
      pages.push(page.jobs.map(({ id }) => id));
      cursor = page.cursor;
    }
    expect(pages.map(({ length }) => length)).toEqual([20, 2]);
    expect(pages.flat()).toEqual(ids);
  });

  describe('that have not ended', () => {
    const two = service({ ALLOW_ANONYMOUS: 'false', API_KEYS, KEY_RIGHTS, MAX_OPEN_JOBS: '2' });
    const directory = () => env.JOB_DIRECTORY.getByName('all');

    async function begin(key: string): Promise<Response> {
      await bucket.put('2024/a.jpg', photo);
      const body = JSON.stringify({ source: { prefix: '2024/' } });
      return ask(two, '/v1/jobs', { ...post(body), headers: bearer(key) });
    }

    it('are bounded for each owner, and whoever ends one may begin another', async () => {
      const [first, second] = [await openJob('loader'), await openJob('loader')];
      const act = (id: string, what: string) =>
        ask(two, `/v1/jobs/${id}/${what}`, { ...post(''), headers: bearer(LOADER) });
      const refused = await begin(LOADER);
      expect(refused.headers.get('retry-after')).toBe('60');
      expect(await refused.json()).toMatchObject({
        ...{ status: 429, code: 'too_many_jobs' },
        detail: expect.stringMatching(/2 jobs that have not ended.* POST \/v1\/jobs\/ID\/cancel/),
      });
      expect((await begin(OTHER)).status).toBe(202);
      expect((await act(first, 'cancel')).status).toBe(200);
      const third = await openJob('loader');
      expect(await directory().counted('loader')).toHaveLength(3);
      // The first one has ended by then, and reopening it would exceed the limit again.
      expect(await codeOf(await act(first, 'retry'))).toEqual([429, 'too_many_jobs']);
      expect((await directory().counted('loader')).toSorted()).toEqual([second, third].toSorted());
      expect((await act(second, 'cancel')).status).toBe(200);
      expect((await act(first, 'retry')).status).toBe(202);
    });

    it('are counted until it is known that they were never begun', async () => {
      for (const id of ['job_a', 'job_b']) {
        await directory().enter({ id, owner: 'loader', output: 'labels/' }, 2);
      }
      expect(await codeOf(await begin(LOADER))).toEqual([429, 'too_many_jobs']);
      const now = Date.now();
      vi.spyOn(Date, 'now').mockImplementation(() => now + 61_000);
      expect((await begin(LOADER)).status).toBe(202);
    });

    it('have their bound in /v1/limits, with whether there are any', async () => {
      const limits = await (await ask(two, '/v1/limits')).json<{ jobs: object }>();
      expect(limits.jobs).toEqual({ enabled: true, anonymous: false, max_open: 2 });
      const without = await open.request('/v1/limits', {}, { ...env, JOBS_QUEUE: undefined });
      expect((await without.json<{ jobs: object }>()).jobs).toEqual({
        enabled: false,
        anonymous: true,
        max_open: 20,
      });
    });
  });

  it('embed as /v1/embed does', async () => {
    await bucket.put('in/a.jpg', photo);
    const options = { encoding_format: 'base64', normalize: true };
    const { id } = await start(open, { source: { prefix: 'in/' }, task: 'embed', options });
    expect((await ended(open, id)).status).toBe('completed');
    const [line] = await linesOf(open, id);
    const answer = await ask(open, '/v1/embed?encoding_format=base64&normalize=true', post(photo));
    expect(line?.result).toEqual(await answer.json());
  });

  it('try what has failed again, and leave what has not', async () => {
    await bucket.put('in/a.jpg', photo);
    await bucket.put('in/b.jpg', 'soon a picture');
    const { id, output } = await start(open, { source: { prefix: 'in/' } });
    expect((await ended(open, id)).request_counts).toEqual({ total: 2, completed: 1, failed: 1 });
    await bucket.put('in/a.jpg', 'no picture any more');
    await bucket.put('in/b.jpg', photo);
    expect((await ask(open, `/v1/jobs/${id}/retry`, post(''))).status).toBe(202);
    expect((await ended(open, id)).request_counts).toEqual({ total: 2, completed: 2, failed: 0 });
    expect((await linesOf(open, id)).map(({ key, error }) => [key, error])).toEqual([
      ['in/a.jpg', undefined],
      ['in/b.jpg', undefined],
    ]);
    const summary = await (await bucket.get(`${output.prefix}${id}/job.json`))?.json();
    expect(summary).toMatchObject({ id, status: 'completed', request_counts: { completed: 2 } });
  });
});
