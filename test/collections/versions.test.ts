/** Versions over HTTP, with the real object: an earlier version answers as it did. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { KEPT_VERSIONS } from '../../src/collections/head-versions.ts';
import { provided } from '../pictures/provided.ts';
import { service } from '../service.ts';
import { ask, freshName, items, KEYS, LOADER, made, PARTS, READER, teach } from './teaching.ts';

const app = service(KEYS);
const PICTURE = provided('golf-ball.jpeg-420');

interface Version {
  readonly version: number;
  readonly labels: number;
  readonly examples: number;
  readonly active: boolean;
}

/** Asks another isolate, which has nothing cached unless told otherwise. */
async function classified(name: string, query = '', by = service(KEYS)) {
  const answer = await ask(by, PARTS, 'POST', `/v1/classify?collection=${name}&top_k=9${query}`, PICTURE);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  const { predictions, unknown, similarity, nearest, collection } = answer.body as {
    predictions: { label: string; score: number }[];
    unknown: boolean;
    similarity: number;
    nearest: unknown[];
    collection: { version: number; active_version?: number };
  };
  return { answer: { predictions, unknown, similarity }, nearest, collection };
}

async function versionsOf(name: string): Promise<Version[]> {
  const listed = await ask(app, PARTS, 'GET', `/v1/collections/${name}/versions`);
  expect(listed.status).toBe(200);
  return listed.body.versions as Version[];
}

/** A collection with two labels, later three. @returns what each version answered. */
async function taughtTwice() {
  const name = await made(app, PARTS);
  const first = await teach(app, PARTS, name, items(2, 6));
  const before = await classified(name);
  const second = await teach(app, PARTS, name, items(3, 6));
  const after = await classified(name);
  expect(after.answer.predictions).toHaveLength(3);
  return { name, first, second, before, after };
}

describe('versions', () => {
  it('are listed, gone back to, and the newest answers again', async () => {
    const { name, first, second, before, after } = await taughtTwice();
    const path = `/v1/collections/${name}/versions`;
    expect(await versionsOf(name)).toMatchObject([
      { version: second, source: 'trained', labels: 3, examples: 18, accuracy: 1, active: true },
      { version: first, source: 'trained', labels: 2, examples: 12, accuracy: 1, active: false },
    ]);

    const activated = await ask(app, PARTS, 'POST', `${path}/${first}/activate`);
    expect(activated).toMatchObject({
      status: 200,
      body: {
        versions: [
          { version: second, active: false },
          { version: first, active: true },
        ],
        pinned: true,
        collection: { name, version: second + 1, active_version: first },
      },
    });
    // The isolate that was asked, and one that was not.
    for (const by of [app, service(KEYS)]) {
      const back = await classified(name, '', by);
      expect(back.answer).toEqual(before.answer);
      expect(back.collection).toEqual({ name, version: second + 1, active_version: first });
      expect(back.nearest).toEqual([]);
    }
    const again = await ask(app, PARTS, 'POST', `${path}/${first}/activate`);
    expect(again.body.collection).toMatchObject({ version: second + 1 });

    const latest = await ask(app, PARTS, 'POST', `${path}/latest/activate`);
    expect(latest.body).toMatchObject({ pinned: false, collection: { name, version: second + 2 } });
    for (const by of [app, service(KEYS)]) {
      const newest = await classified(name, '', by);
      expect(newest.answer).toEqual(after.answer);
      expect(newest.collection).toEqual({ name, version: second + 2 });
      expect(newest.nearest).toHaveLength(5);
    }
  });

  it('stay when more is taught, and a version that is wanted is waited for', async () => {
    const { name, first, before } = await taughtTwice();
    await ask(app, PARTS, 'POST', `/v1/collections/${name}/versions/${first}/activate`);
    const elsewhere = service(KEYS);
    await classified(name, '', elsewhere);
    const third = await teach(app, PARTS, name, items(4, 6));
    const still = await classified(name, `&collection_version=${third}`, elsewhere);
    expect(still.answer).toEqual(before.answer);
    expect(still.collection).toEqual({ name, version: third, active_version: first });
    // No training happened for it, except on request.
    expect((await versionsOf(name)).map(({ version }) => version)).not.toContain(third);
    const trained = await ask(app, PARTS, 'POST', `/v1/collections/${name}/train`);
    expect(trained.body).toMatchObject({
      state: 'ready',
      active_version: first,
      trained_version: third,
      accuracy: { value: 1, examples: 24 },
    });
    expect((await classified(name)).answer).toEqual(before.answer);
    const latest = await ask(app, PARTS, 'POST', `/v1/collections/${name}/versions/latest/activate`);
    const { version } = latest.body.collection as { version: number };
    const newest = await classified(name, `&collection_version=${version}`, elsewhere);
    expect(newest.answer.predictions).toHaveLength(4);
  });

  it('are kept to a number, and the active one beside it', async () => {
    const name = await made(app, PARTS);
    const numbers: number[] = [];
    for (let turn = 0; turn < KEPT_VERSIONS + 3; turn++) {
      numbers.push(await teach(app, PARTS, name, items(2, 1, turn)));
      await ask(app, PARTS, 'POST', `/v1/collections/${name}/train`);
      if (turn === 1)
        await ask(app, PARTS, 'POST', `/v1/collections/${name}/versions/${numbers[1]}/activate`);
    }
    const kept = (await versionsOf(name)).map(({ version }) => version);
    expect(kept).toEqual([...numbers.slice(-KEPT_VERSIONS).reverse(), numbers[1]]);
    await runInDurableObject(env.COLLECTIONS.getByName(`collection/parts/${name}`), (_, { storage }) => {
      const heads = storage.sql.exec<{ version: number }>('SELECT DISTINCT version FROM heads').toArray();
      expect(heads.map(({ version }) => version).sort((a, b) => b - a)).toEqual(kept);
    });
  });

  it('have no ids and no vectors but the newest, and nothing is left with the last label', async () => {
    const { name, first } = await taughtTwice();
    const object = env.COLLECTIONS.getByName(`collection/parts/${name}`);
    const holding = (id: string) =>
      runInDurableObject(object, (_, { storage }) =>
        storage.sql
          .exec<{ version: number; bytes: ArrayBuffer }>('SELECT version, bytes FROM heads ORDER BY version')
          .toArray()
          .filter(({ bytes }) => new TextDecoder('latin1').decode(bytes).includes(`"${id}"`))
          .map(({ version }) => version),
      );
    const [newest] = (await versionsOf(name)).map(({ version }) => version);
    expect(await holding('0/0')).toEqual([newest]);
    // While an activated version answers, no classification trains: what was removed disappears at once.
    await ask(app, PARTS, 'POST', `/v1/collections/${name}/versions/${newest}/activate`);
    await ask(app, PARTS, 'DELETE', `/v1/collections/${name}/items/${encodeURIComponent('0/0')}`);
    expect(await holding('0/0')).toEqual([]);
    await ask(app, PARTS, 'POST', `/v1/collections/${name}/versions/${first}/activate`);
    for (const kind of [0, 1, 2])
      await ask(app, PARTS, 'DELETE', `/v1/collections/${name}/items?label=kind-${kind}`);
    expect(await versionsOf(name)).toEqual([]);
    expect(await ask(service(KEYS), PARTS, 'POST', `/v1/classify?collection=${name}`, PICTURE)).toMatchObject(
      {
        status: 409,
        body: { code: 'collection_untaught' },
      },
    );
  });

  it('are forgotten one by one; the newest answers where it was the active one', async () => {
    const { name, first, second, after } = await taughtTwice();
    const path = `/v1/collections/${name}/versions`;
    await ask(app, PARTS, 'POST', `${path}/${first}/activate`);
    expect(await ask(app, PARTS, 'DELETE', `${path}/${first}`)).toMatchObject({
      status: 200,
      body: {
        versions: [{ version: second, active: true }],
        pinned: false,
        collection: { version: second + 2 },
      },
    });
    expect((await classified(name)).answer).toEqual(after.answer);
    for (const method of ['POST', 'DELETE']) {
      const gone = await ask(app, PARTS, method, `${path}/${first}${method === 'POST' ? '/activate' : ''}`);
      expect(gone).toMatchObject({ status: 404, body: { code: 'version_unknown' } });
      expect(gone.body.detail).toContain(`${second}`);
    }
  });

  it('are the owner’s, and activated by callers who may teach', async () => {
    const { name, first } = await taughtTwice();
    await ask(app, PARTS, 'PUT', `/v1/collections/${name}`, { shared: true });
    const shared = `/v1/collections/parts%2F${name}/versions`;
    const unknown = { status: 404, body: { code: 'collection_unknown' } };
    expect(await ask(app, LOADER, 'GET', shared)).toMatchObject(unknown);
    expect(await ask(app, LOADER, 'POST', `${shared}/${first}/activate`)).toMatchObject(unknown);
    expect(await ask(app, LOADER, 'DELETE', `${shared}/${first}`)).toMatchObject(unknown);
    const refused = { status: 403, body: { code: 'right_missing' } };
    expect(await ask(app, READER, 'POST', `${shared}/${first}/activate`)).toMatchObject(refused);
    expect(await ask(app, READER, 'DELETE', `${shared}/${first}`)).toMatchObject(refused);
    const none = `/v1/collections/${freshName()}/versions`;
    expect(await ask(app, PARTS, 'GET', none)).toMatchObject(unknown);
    const path = `/v1/collections/${name}/versions`;
    for (const wrong of ['0', 'newest', '1.5', '1e99'])
      expect(await ask(app, PARTS, 'POST', `${path}/${wrong}/activate`)).toMatchObject({
        status: 400,
        body: { code: 'option_invalid' },
      });
  });
});
