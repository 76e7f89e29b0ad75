/** Export and import over HTTP, with the real object. */
import { describe, expect, it } from 'vitest';
import { MAX_LINE_BYTES } from '../../src/input/lines.ts';
import { bearer } from '../keys.ts';
import { provided } from '../pictures/provided.ts';
import { service } from '../service.ts';
import {
  type App,
  ask,
  base64Of,
  embedding,
  freshName,
  items,
  KEYS,
  LOADER,
  made,
  PARTS,
  READER,
  teach,
} from './teaching.ts';

const app = service(KEYS);
const PICTURE = provided('golf-ball.jpeg-420');
const LINES = { 'content-type': 'application/x-ndjson' };
const SPACE = 'mobilenet_v3_small_100_224/1';

interface Line {
  readonly id: string;
  readonly label: string | null;
  readonly metadata: unknown;
  readonly embedding: number[];
  readonly fingerprint: string | null;
}

async function exported(name: string, query: string, key = PARTS, by: App = app): Promise<Response> {
  return by.request(`/v1/collections/${encodeURIComponent(name)}/export${query}`, { headers: bearer(key) });
}

/** `text()` warns about bodies whose type does not look like text. */
async function textOf(response: Response): Promise<string> {
  return new TextDecoder().decode(await response.arrayBuffer());
}

async function linesOf(name: string, query = ''): Promise<Line[]> {
  const response = await exported(name, `?format=items${query}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  return (await textOf(response))
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

function imported(name: string, body: BodyInit | object, headers: Record<string, string> = {}, key = PARTS) {
  return ask(app, key, 'POST', `/v1/collections/${name}/import`, body, headers);
}

async function classified(name: string, query = '', key = PARTS) {
  const { body } = await ask(
    service(KEYS),
    key,
    'POST',
    `/v1/classify?collection=${name}&top_k=9${query}`,
    PICTURE,
  );
  const { predictions, unknown, similarity, nearest, collection } = body;
  return { predictions, unknown, similarity, nearest, collection };
}

/** A picture, embeddings with labels, and one without; metadata that can be written in JSON in more than one way. */
async function filled(): Promise<string> {
  const name = await made(app, PARTS);
  await teach(app, PARTS, name, items(3, 6));
  const path = `/v1/collections/${name}/items`;
  await ask(app, PARTS, 'POST', `${path}?label=ball&id=a%20ball`, PICTURE);
  await ask(app, PARTS, 'POST', path, {
    items: [{ embedding: embedding(9, 9), id: '"ü\\', metadata: { shelf: 3, nämé: ['“', null] } }],
  });
  return name;
}

describe('items', () => {
  it('leave as lines and come back in another collection as they were, which answers the same', async () => {
    const from = await filled();
    const before = await linesOf(from);
    expect(before).toHaveLength(20);
    expect(before[0]).toMatchObject({ id: '0/0', label: 'kind-0', metadata: null, fingerprint: null });
    expect(before[18]).toMatchObject({
      id: 'a ball',
      label: 'ball',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(before[18]).toMatchObject({ embedding_space: SPACE, added: expect.stringMatching(/^20.*Z$/) });
    expect(before[19]).toMatchObject({ id: '"ü\\', label: null, metadata: { shelf: 3, nämé: ['“', null] } });
    for (const line of before) {
      expect(line.embedding).toHaveLength(1024);
      expect(Math.max(...line.embedding.map(Math.abs))).toBe(127);
    }

    const to = await made(app, PARTS);
    const file = await textOf(await exported(from, '?format=items'));
    const answer = await imported(to, file, LINES);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        items: { added: 20, replaced: 0, unchanged: 0, failed: 0 },
        errors: [],
        collection: { name: to },
      },
    });
    const after = await linesOf(to);
    const said = (lines: Line[]) => lines.map((line) => ({ ...line, added: undefined }));
    expect(said(after)).toEqual(said(before));
    const [one, other] = [await classified(from), await classified(to)];
    expect({ ...other, collection: undefined }).toEqual({ ...one, collection: undefined });

    // As after an interruption: items that exist are not duplicated, and make no new version.
    const version = (answer.body.collection as { version: number }).version;
    const again = await imported(to, file, LINES);
    expect(again.body).toMatchObject({
      items: { added: 0, replaced: 0, unchanged: 20 },
      collection: { version },
    });
  });

  it('come back by the route that adds embeddings, too', async () => {
    const from = await filled();
    const to = await made(app, PARTS);
    const lines = await linesOf(from);
    await teach(app, PARTS, to, lines);
    expect((await linesOf(to)).map(({ embedding: numbers }) => numbers)).toEqual(
      lines.map(({ embedding: numbers }) => numbers),
    );
  });

  it('are exported page by page, and from behind an item', async () => {
    const name = await made(app, PARTS);
    const many = Array.from({ length: 1203 }, (_, i) =>
      JSON.stringify({ id: `i${i}`, embedding: [i + 1, ...Array(1023).fill(1)] }),
    );
    expect((await imported(name, `${many.join('\n')}\n`, LINES)).body).toMatchObject({
      items: { added: 1203 },
    });
    const all = await linesOf(name);
    expect(all.map(({ id }) => id)).toEqual(Array.from({ length: 1203 }, (_, i) => `i${i}`));
    const rest = await linesOf(name, '&after=i700');
    expect(rest.map(({ id }) => id)).toEqual(all.slice(701).map(({ id }) => id));
    expect(await linesOf(name, '&after=i1202')).toEqual([]);
    const none = await exported(name, '?format=items&after=nobody');
    expect([none.status, ((await none.json()) as { code: string }).code]).toEqual([404, 'item_unknown']);
    expect(await linesOf(await made(app, PARTS))).toEqual([]);
  });

  it('leave shards one behind another, go on behind any, and come into others', async () => {
    const name = freshName();
    const path = `/v1/collections/${name}`;
    expect((await ask(app, PARTS, 'PUT', path, { shards: 3 })).status).toBe(201);
    expect(await linesOf(name)).toEqual([]);
    const many = Array.from({ length: 40 }, (_, i) => ({ id: `i${i}`, embedding: embedding(i, i) }));
    const file = many.map((item) => `${JSON.stringify(item)}\n`).join('');
    expect((await imported(name, file, LINES)).body).toMatchObject({ items: { added: 40, failed: 0 } });
    const all = (await linesOf(name)).map(({ id }) => id);
    expect([...all].sort()).toEqual(many.map(({ id }) => id).sort());
    for (const at of [0, 13, 26, 39]) {
      const rest = (await linesOf(name, `&after=${all[at]}`)).map(({ id }) => id);
      expect(rest).toEqual(all.slice(at + 1));
    }
    const again = await imported(name, file, LINES);
    expect(again.body).toMatchObject({ items: { added: 0, unchanged: 40 } });
    // Collections with shards are searched, not trained on.
    const refused = await exported(name, '?format=json');
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      409,
      'collection_sharded',
    ]);
    const foreign = await exported(`parts/${name}`, '?format=items', LOADER);
    expect(foreign.status).toBe(404);
  });

  it('fail line by line, and the others come', async () => {
    const small = service({ ...KEYS, MAX_COLLECTION_ITEMS: '3' });
    const name = await made(small, PARTS);
    const good = (id: string) => JSON.stringify({ id, embedding: base64Of(embedding(1, 1)) });
    const body = [
      good('one'),
      '{"id": "broken',
      '',
      JSON.stringify({ id: 'short', embedding: [1, 2] }),
      `${good('two')}\r`,
      JSON.stringify({ id: 'far', embedding: embedding(1, 1), embedding_space: 'other/1' }),
      `{"id":"long","embedding":"${'A'.repeat(MAX_LINE_BYTES)}"}`,
      JSON.stringify({ id: 'print', embedding: embedding(1, 1), fingerprint: 'XYZ' }),
      '[]',
      good('three'),
      good('over'),
    ].join('\n');
    const answer = await ask(small, PARTS, 'POST', `/v1/collections/${name}/import?format=items`, body);
    expect(answer).toMatchObject({ status: 200, body: { items: { added: 3, failed: 7 } } });
    expect(answer.body.errors).toMatchObject([
      { line: 2, error: { code: 'json_invalid' } },
      { line: 4, error: { code: 'field_invalid' } },
      { line: 6, error: { code: 'embedding_space_differs' } },
      { line: 7, error: { code: 'field_invalid', detail: expect.stringContaining(`${MAX_LINE_BYTES}`) } },
      { line: 8, error: { code: 'field_invalid', detail: expect.stringContaining('fingerprint') } },
      { line: 9, error: { code: 'field_invalid' } },
      { line: 11, error: { code: 'quota_reached' } },
    ]);
  });

  it('are refused as a body that is too large, of no kind, or of nobody with the right', async () => {
    const small = service({ ...KEYS, MAX_BATCH_BYTES: '20000', MAX_IMAGE_BYTES: '20000' });
    const name = await made(small, PARTS);
    const line = `${JSON.stringify({ id: 'x', embedding: embedding(1, 1) })}\n`;
    const path = `/v1/collections/${name}/import`;
    expect(await ask(small, PARTS, 'POST', path, line.repeat(20), LINES)).toMatchObject({
      status: 413,
      body: { code: 'body_too_large' },
    });
    expect(await imported(name, line)).toMatchObject({ status: 400, body: { code: 'option_invalid' } });
    expect(await imported(name, line, LINES, READER)).toMatchObject({
      status: 403,
      body: { code: 'right_missing' },
    });
    expect(await imported(freshName(), line, LINES)).toMatchObject({ status: 404 });
  });
});

describe('a head', () => {
  it('leaves as JSON with all that an answer needs, and answers the same where it is brought in', async () => {
    const from = await filled();
    const response = await exported(from, '');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="c.*-\d+\.json"$/);
    const head = (await response.json()) as Record<string, unknown> & {
      weights: string;
      unknown: { means: string };
    };
    const version = head.version as number;
    expect(head).toMatchObject({
      format: 'mobilenet-edge/head/1',
      name: from,
      embedding_space: SPACE,
      labels: ['ball', 'kind-0', 'kind-1', 'kind-2'],
      temperature: expect.any(Number),
      unknown: { threshold: expect.any(Number) },
      examples: 19,
      model: { name: 'mobilenet_v3_small_100_224' },
      preprocessing: { resize_short_side: 256 },
    });
    expect(Uint8Array.fromBase64(head.weights)).toHaveLength(4 * 1024 * 4);
    expect(Uint8Array.fromBase64(head.unknown.means)).toHaveLength(4 * 1024 * 4);

    const to = await made(app, PARTS);
    const answer = await imported(to, head);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        head: { status: 'imported', version: 2 },
        collection: { name: to, version: 2, active_version: 2 },
      },
    });
    const [one, other] = [await classified(from), await classified(to)];
    expect({ ...other, collection: undefined, nearest: undefined }).toEqual({
      ...one,
      collection: undefined,
      nearest: undefined,
    });
    expect(other).toMatchObject({ nearest: [], collection: { name: to, version: 2, active_version: 2 } });

    // It has no items.
    expect(await ask(app, PARTS, 'GET', `/v1/collections/${to}`)).toMatchObject({
      body: {
        state: 'ready',
        items: 0,
        labelled: 0,
        active_version: 2,
        labels: [{ label: 'ball', count: 0 }, {}, {}, { label: 'kind-2', count: 0 }],
      },
    });
    expect(await ask(app, PARTS, 'GET', `/v1/collections/${to}/versions`)).toMatchObject({
      body: {
        versions: [{ version: 2, source: 'imported', labels: 4, examples: 19, active: true }],
        pinned: true,
      },
    });
    const again = await imported(to, head);
    expect(again.body).toMatchObject({
      head: { status: 'unchanged', version: 2 },
      collection: { version: 2 },
    });

    // What is taught needs an activation to answer, and the imported head outlives it.
    const taught = await teach(app, PARTS, to, items(2, 5));
    expect((await classified(to, `&collection_version=${taught}`)).predictions).toEqual(one.predictions);
    await ask(app, PARTS, 'POST', `/v1/collections/${to}/versions/latest/activate`);
    expect((await classified(to)).predictions).toHaveLength(2);
    for (const kind of [0, 1])
      await ask(app, PARTS, 'DELETE', `/v1/collections/${to}/items?label=kind-${kind}`);
    expect((await ask(app, PARTS, 'GET', `/v1/collections/${to}`)).body).toMatchObject({ state: 'empty' });
    const back = await imported(to, head);
    expect(back.body).toMatchObject({ head: { status: 'unchanged', version: 2 } });
    expect((await classified(to)).predictions).toEqual(one.predictions);
    // It is exported as it was imported.
    const second = (await (await exported(to, '?format=json')).json()) as Record<string, unknown>;
    expect(second).toEqual({ ...head, name: to, version: 2 });
    expect(version).toBeGreaterThan(2);
  });

  it('is that of the version that is asked for, or of the active one', async () => {
    const name = await made(app, PARTS);
    const first = await teach(app, PARTS, name, items(2, 5));
    const before = await (await exported(name, '')).json();
    await teach(app, PARTS, name, items(3, 5));
    expect(await (await exported(name, '')).json()).toMatchObject({ labels: { length: 3 } });
    expect(await (await exported(name, `?version=${first}`)).json()).toEqual(before);
    await ask(app, PARTS, 'POST', `/v1/collections/${name}/versions/${first}/activate`);
    expect(await (await exported(name, '')).json()).toEqual(before);
    const none = await exported(name, '?version=999');
    expect([none.status, ((await none.json()) as { code: string }).code]).toEqual([404, 'version_unknown']);
  });

  it('leaves nobody but its owner, and nothing that was never taught', async () => {
    const name = await filled();
    await ask(app, PARTS, 'PUT', `/v1/collections/${name}`, { shared: true });
    for (const format of ['json', 'onnx', 'items']) {
      const refused = await exported(`parts/${name}`, `?format=${format}`, LOADER);
      expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
        404,
        'collection_unknown',
      ]);
    }
    const untaught = await exported(await made(app, PARTS), '');
    expect([untaught.status, ((await untaught.json()) as { code: string }).code]).toEqual([
      409,
      'collection_untaught',
    ]);
    const wrong = await exported(name, '?format=tflite');
    expect([wrong.status, ((await wrong.json()) as { code: string }).code]).toEqual([400, 'option_invalid']);
  });

  it.each([
    ['another format', { format: 'mobilenet-edge/head/2' }, 'field_invalid', 'format'],
    ['another space', { embedding_space: 'other/1' }, 'embedding_space_differs', 'other/1'],
    ['a label twice', { labels: ['a', 'a'] }, 'field_invalid', 'labels'],
    ['too few weights', { weights: base64Of([1, 2]) }, 'field_invalid', 'weights'],
    ['no base64', { weights: '!' }, 'base64_invalid', 'weights'],
    ['weights that are no numbers', { weights: base64Of(Array(2048).fill(NaN)) }, 'field_invalid', 'weights'],
    [
      'too many means',
      { unknown: { means: base64Of(Array(4096).fill(0)), threshold: 0 } },
      'field_invalid',
      'means',
    ],
    ['a bias too many', { bias: [0, 0, 0] }, 'field_invalid', 'bias'],
    ['no temperature', { temperature: 0 }, 'field_invalid', 'temperature'],
    ['no threshold', { unknown: { means: '' } }, 'field_invalid', 'threshold'],
  ])('is refused with %s', async (_, wrong, code, told) => {
    const name = await made(app, PARTS);
    const right = {
      format: 'mobilenet-edge/head/1',
      embedding_space: SPACE,
      labels: ['a', 'b'],
      weights: base64Of(Array(2048).fill(0.1)),
      bias: [0, 1],
      temperature: 0.1,
      unknown: { means: base64Of(Array(2048).fill(1 / 32)), threshold: 0.2 },
    };
    const answer = await imported(name, { ...right, ...wrong });
    expect(answer.body).toMatchObject({ code, detail: expect.stringContaining(told) });
    expect((await ask(app, PARTS, 'GET', `/v1/collections/${name}`)).body).toMatchObject({ version: 1 });
    expect((await imported(name, right)).status).toBe(200);
  });

  it('has no more labels than the owner may have', async () => {
    const small = service({ ...KEYS, MAX_COLLECTION_LABELS: '2' });
    const from = await filled();
    const head = (await (await exported(from, '')).json()) as object;
    const to = await made(small, PARTS);
    const answer = await ask(small, PARTS, 'POST', `/v1/collections/${to}/import`, head);
    expect(answer).toMatchObject({ status: 403, body: { code: 'quota_reached' } });
  });
});
