/** Who may use a collection as a model, and the answers if it cannot be used, in every dialect. */
import { describe, expect, it } from 'vitest';
import { collectionsOf } from '../../src/collections/collections.ts';
import { fail } from '../../src/failure.ts';
import { readSettings } from '../../src/settings.ts';
import { ask, KEYS, PARTS, READER } from '../collections/teaching.ts';
import { service } from '../service.ts';
import { app, appWith, EACH, foreign, name, teachAll, untaught, version } from './taught.ts';

await teachAll();

describe.each(EACH)('%s', (_, { path, body, best }) => {
  it('answers others with what is shared, as OWNER/NAME in both spellings, and no caller without a key', async () => {
    for (const model of [`parts/${name}`, `parts%2F${name}`]) {
      const answer = await ask(app, READER, 'POST', path(model), body);
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      expect(best(answer.body)).toBe('ball');
      expect((await ask(app, undefined, 'POST', path(model), body)).status).toBe(404);
    }
    // A name without an owner means one's own collection.
    expect((await ask(app, READER, 'POST', path(name), body)).status).toBe(404);
    expect((await ask(app, PARTS, 'POST', path(`parts/${name}`), body)).status).toBe(200);
  });

  it('answers what is not there and what is somebody else’s alike', async () => {
    const texts = new Set<string>();
    for (const model of [
      `loader/${foreign}`,
      'loader/none',
      foreign,
      'none',
      'no_such_name',
      `nobody/${name}`,
    ]) {
      const answer = await ask(app, PARTS, 'POST', path(model), body);
      expect(answer.status).toBe(404);
      const { request_id: _, ...rest } = answer.body;
      texts.add(JSON.stringify(rest).replaceAll(model, 'MODEL'));
    }
    expect([...texts]).toEqual([expect.stringMatching(/no model .*MODEL.*each collection of yours/)]);
  });

  it('says of one that was never taught what is missing, and that to repeat it is of no use', async () => {
    const answer = await ask(app, PARTS, 'POST', path(untaught), body);
    expect(answer.status).toBe(409);
    expect(JSON.stringify(answer.body)).toMatch(/No item of the collection has a label/);
    expect(answer.headers.get('x-should-retry')).toBe('false');
  });

  it('says when to come again where the collection does not answer', async () => {
    const busy = appWith({ open: async () => fail({ code: 'collection_busy', retrySeconds: 5 }) });
    const answer = await ask(busy, PARTS, 'POST', path(name), body);
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(JSON.stringify(answer.body)).toMatch(/Try again in 5 seconds/);
  });

  it('has no such model where nothing is stored', async () => {
    const answer = await ask(appWith(collectionsOf(readSettings(KEYS))), PARTS, 'POST', path(name), body);
    expect(answer.status).toBe(404);
    expect(JSON.stringify(answer.body)).not.toMatch(/collection/);
  });

  it('wants the key where anonymous callers are refused', async () => {
    const closed = service({ ...KEYS, ALLOW_ANONYMOUS: 'false' });
    expect((await ask(closed, undefined, 'POST', path(name), body)).status).toBe(401);
  });
});

describe('facts about a model', () => {
  const facts = (model: string) => [
    `/v2/models/${model}`,
    `/v2/models/${model}_image`,
    `/v2/models/${model}/ready`,
    `/tf/v1/models/${model}`,
    `/tf/v1/models/${model}/metadata`,
  ];

  it('of a collection are for callers who may use it, those of the network need no key', async () => {
    const closed = service({ ...KEYS, ALLOW_ANONYMOUS: 'false' });
    for (const [key, model, status] of [
      [READER, `parts/${name}`, 200],
      [READER, `parts%2F${name}`, 200],
      [READER, name, 404],
      [PARTS, `loader/${foreign}`, 404],
      [PARTS, untaught, 409],
      [undefined, name, 401],
      [undefined, `parts/${name}`, 401],
      [undefined, 'mobilenet_v3_small_100_224', 200],
    ] as const) {
      for (const path of facts(model)) {
        expect([path, (await ask(closed, key, 'GET', path)).status]).toEqual([path, status]);
      }
    }
  });

  it('keep their place where the name has an owner', async () => {
    for (const [path, allow] of [
      [`/v2/models/parts/${name}/infer`, 'POST'],
      [`/v2/models/${name}/versions/${version}/infer`, 'POST'],
      [`/tf/v1/models/parts/${name}:predict`, 'POST'],
    ] as const) {
      const answer = await ask(app, PARTS, 'GET', path);
      expect([path, answer.status, answer.headers.get('allow')]).toEqual([path, 405, allow]);
    }
    for (const path of [
      `/v2/models/${name}/config`,
      `/v2/models/parts/${name}/stats`,
      `/tf/v1/models/${name}/labels/x`,
    ])
      expect(await ask(app, PARTS, 'GET', path)).toMatchObject({
        status: 404,
        body: { code: 'route_unknown' },
      });
  });
});
