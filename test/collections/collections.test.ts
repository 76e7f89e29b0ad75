/** Own classes over HTTP, with the real object. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { RESERVED_NAMES } from '../../src/collections/names.ts';
import { provided } from '../pictures/provided.ts';
import { service } from '../service.ts';
import {
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

const GOLF_BALL = provided('golf-ball.jpeg-420');
const SPIDER_WEB = provided('spider-web.jpeg-420');

async function sha256(bytes: Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toHex();
}

describe('a collection', () => {
  it('is made, seen, listed and forgotten', async () => {
    const name = freshName();
    const path = `/v1/collections/${name}`;
    const before = await ask(app, PARTS, 'GET', path);
    expect(before).toMatchObject({ status: 404, body: { code: 'collection_unknown' } });
    const first = await ask(app, PARTS, 'PUT', path, { shared: false });
    expect(first).toMatchObject({
      status: 201,
      body: {
        name,
        shared: false,
        state: 'empty',
        version: 1,
        items: 0,
        labelled: 0,
        labels: [],
        confused: [],
        embedding_space: 'mobilenet_v3_small_100_224/1',
      },
    });
    expect(await ask(app, PARTS, 'PUT', path)).toMatchObject({ status: 200, body: { shared: false } });
    expect(await ask(app, PARTS, 'PUT', path, { shared: true })).toMatchObject({
      status: 200,
      body: { shared: true },
    });
    expect(await ask(app, PARTS, 'PUT', path)).toMatchObject({ status: 200, body: { shared: true } });
    const { collections } = (await ask(app, PARTS, 'GET', '/v1/collections')).body;
    expect(collections).toContainEqual(expect.objectContaining({ name, state: 'empty' }));
    expect((await ask(app, PARTS, 'DELETE', path)).status).toBe(204);
    expect((await ask(app, PARTS, 'GET', path)).status).toBe(404);
    expect((await ask(app, PARTS, 'DELETE', path)).status).toBe(404);
    const after = (await ask(app, PARTS, 'GET', '/v1/collections')).body.collections;
    expect(after).not.toContainEqual(expect.objectContaining({ name }));
  });

  it.each(['Upper', '-dash', 'a'.repeat(64), 'dot.ted', 'under_score', 'parts%2Fx'])(
    'is not called %s',
    async (name) => {
      const answer = await ask(app, PARTS, 'PUT', `/v1/collections/${name}`);
      expect(answer).toMatchObject({ status: 400, body: { code: 'field_invalid' } });
    },
  );

  it.each(RESERVED_NAMES)('is not called %s, which protocols have in their paths', async (name) => {
    const answer = await ask(app, PARTS, 'PUT', `/v1/collections/${name}`);
    const detail = expect.stringContaining('must be another');
    expect(answer).toMatchObject({ status: 400, body: { code: 'field_invalid', detail } });
    expect((await ask(app, PARTS, 'GET', `/v1/collections/${name}`)).status).toBe(404);
  });

  it('learns from pictures in every form, twice is once, and answers with its labels', async () => {
    const name = await made(app, PARTS);
    const path = `/v1/collections/${name}/items`;
    const raw = await ask(app, PARTS, 'POST', `${path}?label=ball`, GOLF_BALL);
    const id = await sha256(GOLF_BALL);
    expect(raw).toMatchObject({
      status: 200,
      body: {
        results: [{ index: 0, result: { id, label: 'ball', status: 'added', version: 2 } }],
        collection: { name, version: 2 },
      },
    });
    const again = await ask(app, PARTS, 'POST', `${path}?label=ball`, GOLF_BALL);
    expect(again.body.results).toMatchObject([{ result: { id, status: 'unchanged', version: 2 } }]);
    const replaced = await ask(app, PARTS, 'POST', `${path}?label=golf`, GOLF_BALL);
    expect(replaced.body.results).toMatchObject([
      { result: { id, status: 'replaced', label: 'golf', version: 3 } },
    ]);

    const form = new FormData();
    form.append('image', new File([SPIDER_WEB], 'web.jpg'));
    form.append('image', new File([provided('crossword.png-rgb8')], 'crossword.png'));
    form.append('image', new File(['no picture'], 'notes.txt'));
    form.append('label', 'lines');
    const sent = await ask(app, PARTS, 'POST', path, form);
    expect(sent).toMatchObject({
      status: 200,
      body: {
        results: [
          { index: 0, result: { label: 'lines', status: 'added' } },
          { index: 1, result: { label: 'lines', status: 'added' } },
          { index: 2, error: { code: 'image_format_unsupported' } },
        ],
      },
    });

    const json = await ask(app, PARTS, 'POST', path, {
      label: 'lines',
      items: [
        {
          image: provided('digital-clock.jpeg-420').toBase64(),
          id: 'clock',
          label: 'clock',
          metadata: { shelf: 3 },
        },
        { embedding: embedding(0, 0), id: 'numbers', metadata: { from: 'elsewhere' } },
        { embedding: [1, 2], id: 'short' },
        { url: 'https://photos.test/a.jpg', label: 'x' },
        { label: 'nothing' },
      ],
    });
    expect(json).toMatchObject({
      status: 200,
      body: {
        results: [
          { result: { id: 'clock', label: 'clock', status: 'added' } },
          { result: { id: 'numbers', label: 'lines', status: 'added' } },
          { error: { code: 'field_invalid' } },
          { error: { code: 'url_input_off' } },
          { error: { code: 'field_invalid' } },
        ],
      },
    });

    const answer = await ask(app, PARTS, 'POST', `/v1/classify?collection=${name}`, GOLF_BALL);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        unknown: false,
        similarity: expect.closeTo(1, 3),
        nearest: expect.arrayContaining([expect.objectContaining({ id, label: 'golf' })]),
        collection: { name, version: (json.body.collection as { version: number }).version },
        image: { format: 'jpeg' },
        model: { name: 'mobilenet_v3_small_100_224' },
      },
    });
    const predictions = answer.body.predictions as { label: string; score: number }[];
    expect(predictions.map(({ label }) => label).toSorted()).toEqual(['clock', 'golf', 'lines']);
    expect(predictions[0]?.label).toBe('golf');
    expect(predictions.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 4);
    expect(Object.keys(answer.body).toSorted()).toEqual([
      'collection',
      'image',
      'model',
      'nearest',
      'predictions',
      'similarity',
      'unknown',
    ]);
  });

  it('keeps the fingerprint of a picture, and of an embedding none', async () => {
    const name = await made(app, PARTS);
    const path = `/v1/collections/${name}/items`;
    await ask(app, PARTS, 'POST', `${path}?id=picture`, GOLF_BALL);
    await ask(app, PARTS, 'POST', path, { embedding: embedding(0, 0), id: 'numbers' });
    const stub = env.COLLECTIONS.getByName(`collection/parts/${name}`);
    const rows = await runInDurableObject(stub, (_, { storage }) =>
      storage.sql
        .exec('SELECT id, length(vector) AS vector, length(fingerprint) AS fingerprint FROM items')
        .toArray(),
    );
    expect(rows).toEqual([
      { id: 'picture', vector: 1024, fingerprint: 8 },
      { id: 'numbers', vector: 1024, fingerprint: null },
    ]);
  });

  it('applies the options, and refuses labels that it does not have', async () => {
    const name = await made(app, PARTS);
    await teach(app, PARTS, name, items(4, 5));
    const classify = (query: string) =>
      ask(app, PARTS, 'POST', `/v1/classify?collection=${name}&${query}`, GOLF_BALL);
    expect((await classify('top_k=2')).body.predictions).toHaveLength(2);
    const some = await classify('labels.include=kind-1,kind-2');
    expect((some.body.predictions as { label: string }[]).map(({ label }) => label).toSorted()).toEqual([
      'kind-1',
      'kind-2',
    ]);
    const others = await classify('labels.exclude=kind-1');
    expect(others.body.predictions).toHaveLength(3);
    expect((await classify('min_score=1')).body.predictions).toEqual([]);
    expect(await classify('labels.include=tabby')).toMatchObject({
      status: 400,
      body: { code: 'option_invalid' },
    });
    expect(await classify('collection_version=999')).toMatchObject({
      status: 400,
      body: { code: 'option_invalid' },
    });
    expect(await ask(app, PARTS, 'POST', `/v1/classify?colection=${name}`, GOLF_BALL)).toMatchObject({
      status: 400,
      body: { code: 'option_invalid' },
    });
    // Unlike anything that it was taught.
    expect((await classify('')).body).toMatchObject({ unknown: true });
  });

  it('answers a batch, in JSON and in lines, and a form that names it', async () => {
    const name = await made(app, PARTS);
    await ask(app, PARTS, 'POST', `/v1/collections/${name}/items?label=ball`, GOLF_BALL);
    await ask(app, PARTS, 'POST', `/v1/collections/${name}/items?label=web`, SPIDER_WEB);
    const batch = { images: [GOLF_BALL.toBase64(), SPIDER_WEB.toBase64()] };
    const whole = await ask(app, PARTS, 'POST', `/v1/batch?collection=${name}`, batch);
    const labels = (whole.body.results as { result: { predictions: { label: string }[] } }[]).map(
      ({ result }) => result.predictions[0]?.label,
    );
    expect(labels).toEqual(['ball', 'web']);
    const lines = await app.request(`/v1/batch?collection=${name}`, {
      method: 'POST',
      body: JSON.stringify(batch),
      headers: { authorization: `Bearer ${PARTS}`, accept: 'application/x-ndjson' },
    });
    const [first] = (await lines.text()).trim().split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({ index: 0, result: { collection: { name } } });
    const form = new FormData();
    form.append('image', new File([GOLF_BALL], 'a.jpg'));
    form.append('collection', name);
    expect((await ask(app, PARTS, 'POST', '/v1/classify', form)).body.collection).toMatchObject({ name });
  });

  it('says what it is like, and how often it is right', async () => {
    const name = await made(app, PARTS);
    await teach(app, PARTS, name, items(3, 6));
    const path = `/v1/collections/${name}`;
    expect((await ask(app, PARTS, 'GET', path)).body).toMatchObject({
      state: 'stale',
      items: 18,
      labelled: 18,
    });
    const trained = await ask(app, PARTS, 'POST', `${path}/train`);
    expect(trained).toMatchObject({
      status: 200,
      body: {
        state: 'ready',
        labels: [
          { label: 'kind-0', count: 6, accuracy: 1 },
          { label: 'kind-1', count: 6, accuracy: 1 },
          { label: 'kind-2', count: 6, accuracy: 1 },
        ],
        accuracy: { value: 1, examples: 18 },
        confused: [],
      },
    });
    const { trained_version, version } = trained.body;
    expect(trained_version).toBe(version);
    // Metadata does not affect what was trained; a label does.
    await ask(app, PARTS, 'PATCH', `${path}/items/0%2F0`, { metadata: { seen: true } });
    expect((await ask(app, PARTS, 'GET', path)).body).toMatchObject({ state: 'ready', trained_version });
    await ask(app, PARTS, 'PATCH', `${path}/items/0%2F0`, { label: 'kind-1' });
    const stale = (await ask(app, PARTS, 'GET', path)).body;
    expect(stale).toMatchObject({ state: 'stale', trained_version });
    expect(stale.version).toBe(Number(version) + 2);
    const again = (await ask(app, PARTS, 'POST', `${path}/train`)).body;
    expect(again.confused).toEqual([{ label: 'kind-1', taken_for: 'kind-0', count: 1, ids: ['0/0'] }]);
  });

  it('tells nothing of accuracy below five of each', async () => {
    const name = await made(app, PARTS);
    await teach(app, PARTS, name, items(2, 4));
    const { body } = await ask(app, PARTS, 'POST', `/v1/collections/${name}/train`);
    expect(body).not.toHaveProperty('accuracy');
    expect(body.labels).toEqual([
      { label: 'kind-0', count: 4 },
      { label: 'kind-1', count: 4 },
    ]);
  });

  it('cannot classify without labels', async () => {
    const name = await made(app, PARTS);
    const untaught = { status: 409, body: { code: 'collection_untaught' } };
    const classify = () => ask(app, PARTS, 'POST', `/v1/classify?collection=${name}`, GOLF_BALL);
    expect(await classify()).toMatchObject(untaught);
    await ask(app, PARTS, 'POST', `/v1/collections/${name}/items`, GOLF_BALL);
    expect(await classify()).toMatchObject(untaught);
    expect(await ask(app, PARTS, 'POST', `/v1/collections/${name}/train`)).toMatchObject(untaught);
    expect((await ask(app, PARTS, 'GET', `/v1/collections/${name}`)).body).toMatchObject({
      state: 'empty',
      items: 1,
      labelled: 0,
    });
  });
});

describe('items', () => {
  it('are listed in pages, by label, seen, changed and removed', async () => {
    const name = await made(app, PARTS);
    const path = `/v1/collections/${name}/items`;
    await teach(app, PARTS, name, items(2, 5));
    const first = (await ask(app, PARTS, 'GET', `${path}?limit=4`)).body;
    expect((first.items as { id: string }[]).map(({ id }) => id)).toEqual(['0/0', '1/0', '0/1', '1/1']);
    // Items that are removed and added between two pages must not duplicate or hide others.
    await ask(app, PARTS, 'DELETE', `${path}/0%2F0`);
    await teach(app, PARTS, name, [{ embedding: base64Of(embedding(0, 99)), id: 'late' }]);
    const seen: string[] = [];
    for (let cursor = String(first.next_cursor); cursor !== 'undefined'; ) {
      const page = (await ask(app, PARTS, 'GET', `${path}?limit=4&cursor=${cursor}`)).body;
      seen.push(...(page.items as { id: string }[]).map(({ id }) => id));
      cursor = String(page.next_cursor);
    }
    expect(seen).toEqual(['0/2', '1/2', '0/3', '1/3', '0/4', '1/4', 'late']);
    const labelled = (await ask(app, PARTS, 'GET', `${path}?label=kind-1&limit=3`)).body;
    expect((labelled.items as { id: string }[]).map(({ id }) => id)).toEqual(['1/0', '1/1', '1/2']);
    expect(labelled).toHaveProperty('next_cursor');

    const patched = await ask(app, PARTS, 'PATCH', `${path}/late`, { label: 'kind-1', metadata: { a: [1] } });
    expect(patched).toMatchObject({
      status: 200,
      body: { id: 'late', label: 'kind-1', metadata: { a: [1] } },
    });
    expect((await ask(app, PARTS, 'GET', `${path}/late`)).body).toMatchObject({ metadata: { a: [1] } });
    const gone = await ask(app, PARTS, 'DELETE', `${path}?label=kind-1`);
    expect(gone).toMatchObject({ status: 200, body: { removed: 6, collection: { name } } });
    expect((await ask(app, PARTS, 'GET', `/v1/collections/${name}`)).body).toMatchObject({
      items: 4,
      labels: [{ label: 'kind-0', count: 4 }],
    });
    for (const method of ['GET', 'DELETE', 'PATCH'])
      expect(await ask(app, PARTS, method, `${path}/late`)).toMatchObject({
        status: 404,
        body: { code: 'item_unknown' },
      });
    expect(await ask(app, PARTS, 'DELETE', path)).toMatchObject({
      status: 400,
      body: { code: 'option_invalid' },
    });
    expect(await ask(app, PARTS, 'GET', `${path}?cursor=!`)).toMatchObject({
      status: 400,
      body: { code: 'option_invalid' },
    });
  });

  it.each([
    ['a label of 101 characters', { label: 'x'.repeat(101) }],
    ['an empty label', { label: '' }],
    ['a label with a line break', { label: 'a\nb' }],
    ['an id of 201 characters', { id: 'x'.repeat(201) }],
    ['metadata that is a list', { metadata: [1] }],
    ['metadata above 4 KiB', { metadata: { text: 'é'.repeat(2048) } }],
  ])('with %s fail alone', async (_, said) => {
    const name = await made(app, PARTS);
    const { body } = await ask(app, PARTS, 'POST', `/v1/collections/${name}/items`, {
      items: [
        { embedding: base64Of(embedding(0, 0)), ...said },
        { embedding: base64Of(embedding(0, 1)), id: 'good' },
      ],
    });
    expect(body.results).toMatchObject([
      { error: { status: 400, code: 'option_invalid' } },
      { result: { id: 'good' } },
    ]);
  });

  it('of another space are refused, never mixed', async () => {
    const name = await made(app, PARTS);
    const { body } = await ask(app, PARTS, 'POST', `/v1/collections/${name}/items`, {
      embedding_space: 'mobilenet_v3_small_100_224/0',
      items: [
        { embedding: base64Of(embedding(0, 0)) },
        { embedding: base64Of(embedding(0, 1)), embedding_space: 'mobilenet_v3_small_100_224/1' },
      ],
    });
    expect(body.results).toMatchObject([
      { error: { status: 409, code: 'embedding_space_differs' } },
      { result: { status: 'added' } },
    ]);
  });

  it('come in lines, each kept before it is told', async () => {
    const name = await made(app, PARTS);
    const response = await app.request(`/v1/collections/${name}/items`, {
      method: 'POST',
      headers: { authorization: `Bearer ${PARTS}`, accept: 'application/x-ndjson' },
      body: JSON.stringify({ items: [...items(1, 2), { image: 'AAAA' }] }),
    });
    const lines = (await response.text()).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { index: 0, result: { status: 'added', version: 2 } },
      { index: 1, result: { status: 'added', version: 3 } },
      { index: 2, error: { code: 'image_format_unsupported' } },
    ]);
  });

  it('fail with a status where the body is the picture itself', async () => {
    const name = await made(app, PARTS);
    const answer = await ask(app, PARTS, 'POST', `/v1/collections/${name}/items?label=a`, 'no picture');
    expect(answer).toMatchObject({ status: 415, body: { code: 'image_format_unsupported' } });
  });

  it('may have an id only where there is one picture', async () => {
    const name = await made(app, PARTS);
    const form = new FormData();
    form.append('id', 'one');
    form.append('image', new File([GOLF_BALL], 'a.jpg'));
    form.append('image', new File([SPIDER_WEB], 'b.jpg'));
    const answer = await ask(app, PARTS, 'POST', `/v1/collections/${name}/items`, form);
    expect(answer).toMatchObject({ status: 400, body: { code: 'option_invalid' } });
    expect((await ask(app, PARTS, 'GET', `/v1/collections/${name}`)).body.items).toBe(0);
  });
});

describe('quotas', () => {
  const small = service({
    ...KEYS,
    MAX_COLLECTION_ITEMS: '4',
    MAX_COLLECTION_LABELS: '2',
    MAX_LABELLED_ITEMS: '3',
  });
  const item = (id: string, label?: string) => ({
    embedding: base64Of(embedding(0, id.length)),
    id,
    ...(label === undefined ? {} : { label }),
  });

  it('hold for items, labels and labelled items, one by one', async () => {
    const name = await made(small, PARTS);
    const path = `/v1/collections/${name}/items`;
    const { body } = await ask(small, PARTS, 'POST', path, {
      items: [
        item('1', 'a'),
        item('2', 'b'),
        item('3', 'c'),
        item('4', 'a'),
        item('5', 'a'),
        item('6'),
        item('7'),
      ],
    });
    const quota = (of: string) => ({
      error: { code: 'quota_reached', status: 403, detail: expect.stringContaining(of) },
    });
    expect(body.results).toMatchObject([
      { result: { id: '1' } },
      { result: { id: '2' } },
      quota('2 labels'),
      { result: { id: '4' } },
      quota('3 items with a label'),
      { result: { id: '6' } },
      quota('4 items'),
    ]);
    // Existing items may be replaced.
    expect((await ask(small, PARTS, 'POST', path, { items: [item('1', 'b')] })).body.results).toMatchObject([
      { result: { status: 'replaced' } },
    ]);
    expect(await ask(small, PARTS, 'PATCH', `${path}/6`, { label: 'a' })).toMatchObject({
      status: 403,
      body: { code: 'quota_reached' },
    });
  });

  it('hold for collections of one owner, also when they are made at once', async () => {
    const few = service({ ...KEYS, KEY_RIGHTS: 'reader=teach', MAX_COLLECTIONS: '3' });
    const before = ((await ask(few, READER, 'GET', '/v1/collections')).body.collections as { name: string }[])
      .length;
    expect(before).toBe(0);
    const names = Array.from({ length: 8 }, freshName);
    const answers = await Promise.all(
      names.map((name) => ask(few, READER, 'PUT', `/v1/collections/${name}`)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(
      answers.filter(({ status, body }) => status === 403 && body.code === 'quota_reached'),
    ).toHaveLength(5);
    for (const [index, { status }] of answers.entries())
      if (status === 201) await ask(few, READER, 'DELETE', `/v1/collections/${names[index]}`);
    expect((await ask(few, READER, 'PUT', `/v1/collections/${freshName()}`)).status).toBe(201);
    const left = (await ask(few, READER, 'GET', '/v1/collections')).body.collections as { name: string }[];
    for (const { name } of left) await ask(few, READER, 'DELETE', `/v1/collections/${name}`);
  });

  it('are told in /v1/limits', async () => {
    expect((await ask(small, undefined, 'GET', '/v1/limits')).body.collections).toEqual({
      enabled: true,
      anonymous: false,
      max_collections: 1000,
      max_items: 4,
      max_labels: 2,
      max_labelled_items: 3,
      max_shards: 17,
      max_metadata_bytes: 4096,
      search_memory_bytes: 16 * 1024 * 1024,
    });
  });
});

describe('rights', () => {
  it.each([
    ['PUT', '/v1/collections/x'],
    ['DELETE', '/v1/collections/x'],
    ['POST', '/v1/collections/x/items'],
    ['DELETE', '/v1/collections/x/items?label=a'],
    ['PATCH', '/v1/collections/x/items/a'],
    ['DELETE', '/v1/collections/x/items/a'],
    ['POST', '/v1/collections/x/train'],
  ])('are needed for %s %s', async (method, path) => {
    for (const key of [READER, undefined])
      expect(await ask(app, key, method, path)).toMatchObject({
        status: 403,
        body: { code: 'right_missing' },
      });
  });

  it('of who has no key are those that a setting gives', async () => {
    const open = service({ ALLOW_ANONYMOUS_TEACHING: 'true', RATE_LIMIT_REQUESTS: '0' });
    const name = freshName();
    expect((await ask(open, undefined, 'PUT', `/v1/collections/${name}`)).status).toBe(201);
    expect((await ask(open, undefined, 'DELETE', `/v1/collections/${name}`)).status).toBe(204);
  });

  it('let other keys classify with what is shared, and see no ids and no metadata', async () => {
    const name = await made(app, PARTS, true);
    await teach(app, PARTS, name, items(2, 6));
    await ask(app, PARTS, 'PATCH', `/v1/collections/${name}/items/0%2F0`, {
      label: 'kind-1',
      metadata: { secret: 1 },
    });
    const answer = await ask(app, READER, 'POST', `/v1/classify?collection=parts/${name}`, GOLF_BALL);
    expect(answer).toMatchObject({ status: 200, body: { collection: { name: `parts/${name}` } } });
    expect(answer.body).not.toHaveProperty('nearest');
    const status = await ask(app, LOADER, 'GET', `/v1/collections/parts%2F${name}`);
    expect(status).toMatchObject({
      status: 200,
      body: { owner: 'parts', confused: [{ label: 'kind-1', count: 1 }] },
    });
    expect(JSON.stringify(status.body)).not.toMatch(/"ids"|secret|0\/0/);
    const foreign = { status: 404, body: { code: 'collection_unknown' } };
    const path = `/v1/collections/parts%2F${name}`;
    for (const [method, rest] of [
      ['GET', '/items'],
      ['GET', '/items/0%2F0'],
      ['PATCH', '/items/0%2F0'],
      ['DELETE', '/items/0%2F0'],
      ['DELETE', '/items?label=kind-0'],
      ['POST', '/items'],
      ['POST', '/train'],
      ['DELETE', ''],
    ] as const)
      expect(await ask(app, LOADER, method, path + rest), `${method} ${rest}`).toMatchObject(foreign);
    // There is no caller to share with.
    expect(
      await ask(app, undefined, 'POST', `/v1/classify?collection=parts/${name}`, GOLF_BALL),
    ).toMatchObject(foreign);
    await ask(app, PARTS, 'PUT', `/v1/collections/${name}`, { shared: false });
    expect(await ask(app, READER, 'POST', `/v1/classify?collection=parts/${name}`, GOLF_BALL)).toMatchObject(
      foreign,
    );
    expect((await ask(app, PARTS, 'GET', `/v1/collections/${name}`)).body.items).toBe(12);
  });

  it('hide what is somebody else’s: the same answer as for what is not there', async () => {
    const name = await made(app, PARTS);
    await teach(app, PARTS, name, items(2, 2));
    await ask(app, PARTS, 'POST', `/v1/classify?collection=${name}`, GOLF_BALL);
    const request = { 'x-request-id': 'same' };
    const of = async (path: string) => {
      const { status, body, headers } = await ask(app, LOADER, 'POST', path, GOLF_BALL, request);
      return { status, body, headers: [...headers] };
    };
    const foreign = await of(`/v1/classify?collection=parts/${name}`);
    expect(foreign).toEqual(await of(`/v1/classify?collection=parts/${freshName()}`));
    expect(foreign).toEqual(await of(`/v1/classify?collection=nobody/${freshName()}`));
    expect(foreign).toMatchObject({ status: 404, body: { code: 'collection_unknown' } });
  });
});

describe('without a binding', () => {
  it('everything about collections is refused, and the rest works', async () => {
    const { createApp } = await import('../../src/http/app.ts');
    const { readSettings } = await import('../../src/settings.ts');
    const { classifier } = await import('../service.ts');
    const bare = createApp(readSettings({ ...KEYS, CACHE_SECONDS: '0' }), classifier);
    const off = { status: 403, body: { code: 'collections_off' } };
    expect(await ask(bare, PARTS, 'GET', '/v1/collections')).toMatchObject(off);
    expect(await ask(bare, PARTS, 'PUT', '/v1/collections/a')).toMatchObject(off);
    expect(await ask(bare, PARTS, 'POST', '/v1/classify?collection=a', GOLF_BALL)).toMatchObject(off);
    expect((await ask(bare, PARTS, 'POST', '/v1/classify', GOLF_BALL)).status).toBe(200);
    expect((await ask(bare, PARTS, 'GET', '/v1/limits')).body.collections).toMatchObject({ enabled: false });
  });
});
