/** A collection with shards, over HTTP, with the real objects. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { createObjects } from '../../src/collections/objects.ts';
import { MAX_SHARDS, shardOf } from '../../src/collections/shard-of.ts';
import { provided } from '../pictures/provided.ts';
import { service } from '../service.ts';
import { ask, base64Of, embedding, freshName, items, KEYS, PARTS, READER, teach } from './teaching.ts';

const app = service(KEYS);
const objects = createObjects(env.COLLECTIONS);

async function sharded(shards: number, shared = false): Promise<string> {
  const name = freshName();
  const answer = await ask(app, PARTS, 'PUT', `/v1/collections/${name}`, { shards, shared });
  expect(answer, JSON.stringify(answer.body)).toMatchObject({
    status: 201,
    body: { shards, state: 'search_only', items: 0, version: 1 },
  });
  return name;
}

async function factsOf(name: string) {
  const facts = await objects.ofCollection({ owner: 'parts', name }, (object) => object.facts('parts'));
  if (!facts.ok) throw new Error(facts.failure.code);
  return facts.value;
}

/** Rows of items in each shard. */
async function rowsOf(name: string, epoch: string, shards: number): Promise<number[]> {
  return Promise.all(
    Array.from({ length: shards }, (_, shard) => {
      const stub = env.COLLECTIONS.getByName(`shard/parts/${name}/${epoch}/${shard}`);
      return runInDurableObject(stub, (_object, { storage }) => {
        const there = storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'items'").toArray();
        if (there.length === 0) return -1;
        return storage.sql.exec<{ count: number }>('SELECT count(*) AS count FROM items').one().count;
      });
    }),
  );
}

async function idsOf(name: string, query = ''): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor = ''; ; ) {
    const { status, body } = await ask(
      app,
      PARTS,
      'GET',
      `/v1/collections/${name}/items?limit=7${query}${cursor}`,
    );
    expect(status, JSON.stringify(body)).toBe(200);
    ids.push(...(body.items as { id: string }[]).map(({ id }) => id));
    if (body.next_cursor === undefined) return ids;
    cursor = `&cursor=${body.next_cursor}`;
  }
}

describe('shardOf', () => {
  it('shares ids out evenly, whatever they are like', () => {
    for (const idOf of [
      (i: number) => String(i),
      (i: number) => `photos/2024/${i}.jpg`,
      (i: number) => `é${i}`,
    ]) {
      const counts = new Array<number>(MAX_SHARDS).fill(0);
      for (let i = 0; i < 17_000; i++) {
        const shard = shardOf(idOf(i), MAX_SHARDS);
        counts[shard] = (counts[shard] ?? Number.NaN) + 1;
      }
      // 1,000 each; four standard deviations are 123.
      expect(Math.min(...counts)).toBeGreaterThan(870);
      expect(Math.max(...counts)).toBeLessThan(1130);
    }
  });

  // Computed by another program from the same two published hashes.
  it('never changes, so that items are found again', () => {
    expect(['', 'a', 'b', 'screw-17', 'é', '9f86d081'].map((id) => shardOf(id, 17))).toEqual([
      11, 0, 15, 14, 5, 6,
    ]);
  });
});

describe('a collection in shards', () => {
  it('has its items in all of them, and is listed, seen, changed and searched as one', async () => {
    const name = await sharded(4);
    const path = `/v1/collections/${name}`;
    await teach(app, PARTS, name, items(5, 8));
    const { epoch } = await factsOf(name);
    const rows = await rowsOf(name, epoch, 4);
    expect(rows.reduce((sum, count) => sum + count)).toBe(40);
    expect(Math.min(...rows)).toBeGreaterThan(0);
    const own = env.COLLECTIONS.getByName(`collection/parts/${name}`);
    const inHead = await runInDurableObject(own, (_, { storage }) =>
      storage.sql.exec<{ count: number }>('SELECT count(*) AS count FROM items').one(),
    );
    expect(inHead.count).toBe(0);

    expect((await idsOf(name)).toSorted()).toEqual(
      items(5, 8)
        .map(({ id }) => id)
        .toSorted(),
    );
    expect((await idsOf(name, '&label=kind-3')).toSorted()).toEqual(
      Array.from({ length: 8 }, (_, i) => `3/${i}`),
    );
    const status = await ask(app, PARTS, 'GET', path);
    expect(status.body).toMatchObject({
      items: 40,
      labelled: 40,
      shards: 4,
      state: 'search_only',
      labels: Array.from({ length: 5 }, (_, kind) => ({ label: `kind-${kind}`, count: 8 })),
    });
    const { collections } = (await ask(app, PARTS, 'GET', '/v1/collections')).body;
    expect(collections).toContainEqual(expect.objectContaining({ name, items: 40, shards: 4 }));

    const found = await ask(app, PARTS, 'POST', `${path}/search?top_k=8`, { embedding: embedding(2, 500) });
    const matches = found.body.matches as { id: string; label: string; similarity: number }[];
    expect(matches.map(({ id }) => id).toSorted()).toEqual(Array.from({ length: 8 }, (_, i) => `2/${i}`));
    expect(matches).toEqual(matches.toSorted((one, other) => other.similarity - one.similarity));
    const like = await ask(app, PARTS, 'POST', `${path}/search`, { id: '2/0', top_k: 7 });
    expect((like.body.matches as { id: string }[]).map(({ id }) => id).toSorted()).toEqual(
      Array.from({ length: 7 }, (_, i) => `2/${i + 1}`),
    );
    expect(await ask(app, PARTS, 'POST', `${path}/search`, { id: 'none' })).toMatchObject({
      status: 404,
      body: { code: 'item_unknown' },
    });

    const patched = await ask(app, PARTS, 'PATCH', `${path}/items/2%2F0`, {
      label: 'other',
      metadata: { a: 1 },
    });
    expect(patched).toMatchObject({ status: 200, body: { label: 'other', metadata: { a: 1 } } });
    expect((await ask(app, PARTS, 'GET', `${path}/items/2%2F0`)).body).toMatchObject({ label: 'other' });
    expect((await ask(app, PARTS, 'DELETE', `${path}/items?label=kind-2`)).body).toMatchObject({
      removed: 7,
    });
    expect((await ask(app, PARTS, 'DELETE', `${path}/items/2%2F0`)).body).toMatchObject({ removed: 1 });
    for (const method of ['GET', 'PATCH', 'DELETE'])
      expect(await ask(app, PARTS, method, `${path}/items/2%2F0`)).toMatchObject({
        status: 404,
        body: { code: 'item_unknown' },
      });
    expect((await ask(app, PARTS, 'GET', path)).body).toMatchObject({ items: 32, labelled: 32 });
  });

  it('counts every change once, whatever shard it was in', async () => {
    const name = await sharded(3);
    const path = `/v1/collections/${name}/items`;
    let before = 1;
    for (let i = 0; i < 12; i++) {
      const { version } = (
        await ask(app, PARTS, 'POST', `${path}?id=item-${i}`, { embedding: base64Of(embedding(0, i)) })
      ).body.collection as { version: number };
      expect(version).toBe(before + 1);
      before = version;
    }
    const again = await ask(app, PARTS, 'POST', `${path}?id=item-3`, {
      embedding: base64Of(embedding(0, 3)),
    });
    expect(again.body).toMatchObject({
      results: [{ result: { status: 'unchanged' } }],
      collection: { version: before },
    });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => ask(app, PARTS, 'DELETE', `${path}/item-${i}`)),
    );
    const versions = answers.map(({ body }) => (body.collection as { version: number }).version);
    expect(Math.max(...versions)).toBe(before + 12);
    expect((await ask(app, PARTS, 'GET', `/v1/collections/${name}`)).body).toMatchObject({
      items: 0,
      version: before + 12,
    });
  });

  it('takes over at the status what it was not told', async () => {
    const name = await sharded(2);
    const { epoch, version } = await factsOf(name);
    // As if the caller disconnects between the shard's answer and the collection's.
    const shard = shardOf('lost', 2);
    await objects.ofShard({ owner: 'parts', name, epoch, shard }, (object) =>
      object.add('parts', [{ id: 'lost', vector: new Int8Array(1024).fill(1) }], {
        ...{ collections: 1, items: 10, labels: 10, labelledItems: 10 },
      }),
    );
    expect(await factsOf(name)).toMatchObject({ version, items: 0 });
    const status = { items: 1, version: version + 1 };
    expect((await ask(app, PARTS, 'GET', `/v1/collections/${name}`)).body).toMatchObject(status);
    expect(await factsOf(name)).toMatchObject(status);
  });

  it('is not trained on, and says what to do', async () => {
    const name = await sharded(2);
    await teach(app, PARTS, name, items(2, 5));
    const refused = {
      status: 409,
      body: { code: 'collection_sharded', detail: expect.stringMatching(/2 shards.*without "shards"/) },
    };
    const picture = provided('golf-ball.jpeg-420');
    expect(await ask(app, PARTS, 'POST', `/v1/classify?collection=${name}`, picture)).toMatchObject(refused);
    expect(await ask(app, PARTS, 'POST', `/v1/collections/${name}/train`)).toMatchObject(refused);
  });

  it('keeps its number of shards', async () => {
    const name = await sharded(2);
    const path = `/v1/collections/${name}`;
    expect(await ask(app, PARTS, 'PUT', path, { shards: 2 })).toMatchObject({ status: 200 });
    expect(await ask(app, PARTS, 'PUT', path)).toMatchObject({ status: 200, body: { shards: 2 } });
    const fixed = { status: 409, body: { code: 'shards_fixed' } };
    for (const shards of [1, 3]) expect(await ask(app, PARTS, 'PUT', path, { shards })).toMatchObject(fixed);
    for (const shards of [0, 18, 1.5, '2', null])
      expect(await ask(app, PARTS, 'PUT', `/v1/collections/${freshName()}`, { shards })).toMatchObject({
        status: 400,
        body: { code: 'field_invalid', detail: expect.stringContaining('from 1 to 17') },
      });
  });

  it('has a quota of items in each shard, and labels on as many', async () => {
    const few = service({ ...KEYS, MAX_COLLECTION_ITEMS: '3', MAX_LABELLED_ITEMS: '1' });
    const name = await sharded(2);
    const { status, body } = await ask(few, PARTS, 'POST', `/v1/collections/${name}/items`, {
      items: items(1, 20),
    });
    expect(status).toBe(200);
    const results = body.results as { result?: object; error?: { code: string; detail: string } }[];
    expect(results.filter(({ result }) => result !== undefined)).toHaveLength(6);
    const [full] = results.flatMap(({ error }) => error ?? []);
    expect(full).toMatchObject({
      code: 'quota_reached',
      detail: expect.stringContaining('Each shard of a collection may have 3 items'),
    });
  });

  it('is forgotten with all that is in it, and another of its name begins empty', async () => {
    const name = await sharded(3);
    const path = `/v1/collections/${name}`;
    await teach(app, PARTS, name, items(2, 6));
    const { epoch } = await factsOf(name);
    expect((await ask(app, PARTS, 'DELETE', path)).status).toBe(204);
    expect(await rowsOf(name, epoch, 3)).toEqual([-1, -1, -1]);
    const unknown = { status: 404, body: { code: 'collection_unknown' } };
    expect(await ask(app, PARTS, 'GET', path)).toMatchObject(unknown);
    expect(await ask(app, PARTS, 'DELETE', path)).toMatchObject(unknown);
    // A caller that still knew it cannot add to a deleted collection.
    const late = await objects.ofShard({ owner: 'parts', name, epoch, shard: 0 }, (object) =>
      object.add('parts', [{ id: 'late', vector: new Int8Array(1024).fill(1) }], {
        ...{ collections: 1, items: 10, labels: 10, labelledItems: 10 },
      }),
    );
    expect(late).toMatchObject({ ok: false, failure: { code: 'collection_unknown' } });
    expect((await ask(app, PARTS, 'PUT', path, { shards: 3 })).body).toMatchObject({ items: 0, version: 1 });
    expect(await idsOf(name)).toEqual([]);
    // Nor is a collection without shards confused with one that had some.
    expect((await ask(app, PARTS, 'DELETE', path)).status).toBe(204);
    expect((await ask(app, PARTS, 'PUT', path)).body).toMatchObject({ shards: 1 });
    await teach(app, PARTS, name, items(1, 2));
    expect(await idsOf(name)).toEqual(['0/0', '0/1']);
  });

  it('that was half deleted can be deleted again, and made again', async () => {
    const name = await sharded(2);
    const path = `/v1/collections/${name}`;
    await teach(app, PARTS, name, items(1, 8));
    const { epoch } = await factsOf(name);
    const half = () =>
      objects.ofShard({ owner: 'parts', name, epoch, shard: 1 }, (object) => object.forget('parts'));
    await half();
    const search = () => ask(app, PARTS, 'POST', `${path}/search`, { embedding: embedding(0, 0) });
    expect(await search()).toMatchObject({ status: 404, body: { code: 'collection_unknown' } });
    expect((await ask(app, PARTS, 'PUT', path)).status).toBe(200);
    expect((await search()).status).toBe(200);
    await half();
    expect((await ask(app, PARTS, 'DELETE', path)).status).toBe(204);
    expect(await rowsOf(name, epoch, 2)).toEqual([-1, -1]);
  });

  it('is searched by whom it is shared with, who learn no ids', async () => {
    const name = await sharded(3, true);
    await teach(app, PARTS, name, items(2, 6));
    const shared = `/v1/collections/parts%2F${name}`;
    const found = await ask(app, READER, 'POST', `${shared}/search?top_k=3`, { embedding: embedding(1, 0) });
    expect(found.body.matches).toHaveLength(3);
    expect(JSON.stringify(found.body)).not.toMatch(/"id"|metadata/);
    expect((await ask(app, READER, 'GET', shared)).body).toMatchObject({
      labels: [{ count: 6 }, { count: 6 }],
    });
    expect(await ask(app, READER, 'POST', `${shared}/search`, { id: '1/0' })).toMatchObject({
      status: 404,
      body: { code: 'item_unknown' },
    });
    const foreign = { status: 404, body: { code: 'collection_unknown' } };
    expect(await ask(app, READER, 'GET', `${shared}/items`)).toMatchObject(foreign);
    await ask(app, PARTS, 'PUT', `/v1/collections/${name}`, { shared: false });
    expect(await ask(app, READER, 'POST', `${shared}/search`, { embedding: embedding(1, 0) })).toMatchObject(
      foreign,
    );
  });
});
