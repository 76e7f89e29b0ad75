/** Jobs that add to a collection. */
import { reset } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bearer, stored } from '../keys.ts';
import { provided } from '../pictures/provided.ts';
import { post, service } from '../service.ts';
import { ask, bucket, ended, linesOf, start } from './callers.ts';

// Test files share the storage: this removes what others have left, and what these leave.
beforeEach(() => reset());
afterEach(() => reset());

const KEY = 'mne_loader';
const API_KEYS = await stored('loader', KEY);
const OPEN = { ALLOW_ANONYMOUS_JOBS: 'true', ALLOW_ANONYMOUS_TEACHING: 'true' };
const app = service(OPEN);
const noTeacher = service({ ALLOW_ANONYMOUS: 'false', API_KEYS, KEY_RIGHTS: 'loader=jobs' });

const ball = provided('golf-ball.jpeg-420');
const crossword = provided('crossword.png-rgb8');

async function fill(): Promise<void> {
  await bucket.put('train/balls/a.jpg', ball);
  await bucket.put('train/puzzles/b.png', crossword);
  await bucket.put('train/puzzles/c.txt', 'no picture');
  await bucket.put(`train/${'x'.repeat(200)}/d.jpg`, ball);
}

const request = {
  source: { prefix: 'train/' },
  task: 'index',
  collection: 'things',
  options: { label_from: 'folder' },
} as const;

/** A collection that distinguishes these. */
async function teach(
  name: string,
  examples: Readonly<Record<string, ReturnType<typeof provided>>>,
): Promise<void> {
  await ask(app, `/v1/collections/${name}`, { method: 'PUT' });
  for (const [label, picture] of Object.entries(examples)) {
    await ask(app, `/v1/collections/${name}/items?label=${label}`, post(picture));
  }
}

describe('a job with the task classify and a collection', () => {
  it('answers each picture by its labels, as /v1/classify does', async () => {
    await fill();
    await teach('told', { 'things to throw': ball, 'things to solve': crossword });
    const asked = { source: request.source, collection: 'told', options: { top_k: 1 } };
    const { id, collection } = await start(app, asked);
    expect(collection).toBe('told');
    expect((await ended(app, id)).request_counts).toEqual({ total: 4, completed: 3, failed: 1 });
    const results = (await linesOf(app, id)).flatMap(({ result }) => result ?? []);
    const answer = await ask(app, '/v1/classify?collection=told&top_k=1', post(ball));
    expect(results[0]).toEqual(await answer.json());
    expect(results).toMatchObject([
      { predictions: [{ label: 'things to throw' }], collection: { name: 'told' } },
      { predictions: [{ label: 'things to solve' }] },
      { predictions: [{ label: 'things to throw' }] },
    ]);
  });
});

describe('a job with the task index', () => {
  it('adds each picture once, by its key, with the label of its folder', async () => {
    await fill();
    await ask(app, '/v1/collections/things', { method: 'PUT' });
    const first = await start(app, request);
    expect((await ended(app, first.id)).request_counts).toEqual({ total: 4, completed: 3, failed: 1 });
    const lines = await linesOf(app, first.id);
    expect(lines.map(({ result, error }) => result ?? error)).toMatchObject([
      { id: 'train/balls/a.jpg', label: 'balls', status: 'added' },
      { id: 'train/puzzles/b.png', label: 'puzzles', status: 'added' },
      { code: 'image_format_unsupported' },
      {
        ...{ id: expect.stringMatching(/^[0-9a-f]{64}$/), label: null, status: 'added' },
        copy_of: { id: 'train/balls/a.jpg', label: 'balls' },
      },
    ]);
    expect(lines[0]?.result).not.toHaveProperty('copy_of');
    const again = await start(app, request);
    await ended(app, again.id);
    expect((await linesOf(app, again.id)).flatMap(({ result }) => result ?? [])).toMatchObject([
      { status: 'unchanged' },
      { status: 'unchanged' },
      { status: 'unchanged', copy_of: { id: 'train/balls/a.jpg' } },
    ]);
    const status = await ask(app, '/v1/collections/things');
    expect(await status.json()).toMatchObject({ items: 3, labelled: 2 });
    const { version } = await (await ask(app, '/v1/collections/things')).json<{ version: number }>();
    // A caller that asks another isolate than the one that made the change states the version.
    const path = `/v1/classify?collection=things&collection_version=${version}`;
    const answer = await ask(app, path, post(crossword));
    expect(await answer.json()).toMatchObject({ predictions: [{ label: 'puzzles' }, { label: 'balls' }] });
  });

  it.each([
    ['without a collection', { collection: undefined }, 400, 'field_invalid'],
    ['with one that is not there', {}, 404, 'collection_unknown'],
    ['with one that cannot be', { collection: 'No Name' }, 404, 'collection_unknown'],
    ['that is another', { task: 'embed' }, 400, 'field_invalid'],
    ['with labels from nowhere', { options: { label_from: 'name' } }, 400, 'option_invalid'],
  ])('is refused %s', async (_what, change, status, code) => {
    await fill();
    const response = await ask(app, '/v1/jobs', post(JSON.stringify({ ...request, options: {}, ...change })));
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code });
  });

  it.each([
    ['that is not there', { collection: 'nowhere' }, 404, 'collection_unknown'],
    ['that cannot be', { collection: 'No Name' }, 404, 'collection_unknown'],
    ['that has no labels', { collection: 'untaught' }, 409, 'collection_untaught'],
    ['with labels that it lacks', { options: { labels: { include: ['dog'] } } }, 400, 'option_invalid'],
    ['with a wrong option', { options: { top_k: 0 } }, 400, 'option_invalid'],
  ])('has no pictures classified by a collection %s', async (_what, change, status, code) => {
    await fill();
    await ask(app, '/v1/collections/untaught', { method: 'PUT' });
    await teach('taught', { balls: ball, puzzles: crossword });
    const asked = { source: request.source, task: 'classify', collection: 'taught', ...change };
    const response = await ask(app, '/v1/jobs', post(JSON.stringify(asked)));
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code });
  });

  it('wants the right to teach beside that to run jobs', async () => {
    await fill();
    const init = { ...post(JSON.stringify(request)), headers: bearer(KEY) };
    expect(await (await ask(noTeacher, '/v1/jobs', init)).json()).toMatchObject({ code: 'right_missing' });
  });

  it('gives the pictures an error whose collection was deleted meanwhile', async () => {
    await fill();
    await ask(app, '/v1/collections/things', { method: 'PUT' });
    const { id } = await start(app, request);
    await ask(app, '/v1/collections/things', { method: 'DELETE' });
    const job = await ended(app, id);
    const codes = (await linesOf(app, id)).flatMap(({ error }) => error?.code ?? []);
    // Some may have been added before.
    expect(job.request_counts.failed).toBe(codes.length);
    expect(codes).toContain('image_format_unsupported');
    for (const code of codes) expect(['collection_unknown', 'image_format_unsupported']).toContain(code);
  });
});
