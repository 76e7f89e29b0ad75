/** Which version of a collection answers as a model. */
import { describe, expect, it } from 'vitest';
import { fail, ok } from '../../src/failure.ts';
import { ask, items, KEYS, made, PARTS, READER, teach } from '../collections/teaching.ts';
import { service } from '../service.ts';
import { app, appWith, b64, collections, image, name, teachAll, tensors, version } from './taught.ts';

await teachAll();

describe('a version', () => {
  it('is that of what was taught: one that is kept answers too, and a newer one as soon as it is asked for', async () => {
    const growing = await made(app, PARTS);
    const first = await teach(app, PARTS, growing, items(2, 5));
    const paths = (n: string | number) => [
      `/v2/models/${growing}/versions/${n}`,
      `/tf/v1/models/${growing}/versions/${n}/metadata`,
    ];
    const statuses = async (n: string | number) =>
      Promise.all(paths(n).map(async (path) => (await ask(app, PARTS, 'GET', path)).status));
    expect(await statuses(first)).toEqual([200, 200]);
    const wrong = [0, first - 1, first + 1, 'latest', '-1', `${first}.0`, `0${first}`, '9'.repeat(30)];
    for (const n of wrong) expect([n, ...(await statuses(n))]).toEqual([n, 404, 404]);
    const missing = await ask(app, PARTS, 'GET', `/v2/models/${growing}/versions/${first + 1}`);
    expect(missing.body).toMatchObject({
      code: 'model_unknown',
      detail: expect.stringContaining(`There is ${growing} with version ${first}`),
    });
    // If another isolate answered the change, this one would learn of it only after some seconds.
    const elsewhere = service(KEYS);
    const second = await teach(elsewhere, PARTS, growing, items(3, 2, 5));
    expect(await statuses(second)).toEqual([200, 200]);
    // The version before is kept.
    expect(await statuses(first)).toEqual([200, 200]);
    const answered = async (n: number) => {
      const path = `/v2/models/${growing}_image/versions/${n}/infer`;
      const answer = await ask(app, PARTS, 'POST', path, image());
      return [answer.body.model_version, tensors(answer).get('labels')?.data];
    };
    expect(await answered(first)).toEqual([String(first), ['kind-0', 'kind-1']]);
    expect(await answered(second)).toEqual([String(second), ['kind-0', 'kind-1', 'kind-2']]);
  });

  it('is the one that was activated, where one was', async () => {
    const pinned = await made(app, PARTS);
    const first = await teach(app, PARTS, pinned, items(2, 5));
    await ask(app, PARTS, 'POST', `/v1/collections/${pinned}/train`);
    const second = await teach(app, PARTS, pinned, items(3, 2, 5));
    await ask(app, PARTS, 'POST', `/v1/collections/${pinned}/train`);
    await ask(app, PARTS, 'POST', `/v1/collections/${pinned}/versions/${first}/activate`);
    const { body } = await ask(app, PARTS, 'GET', `/v2/models/${pinned}`);
    expect(body.versions).toEqual([first, second].map(String));
    const classified = { examples: [{ image: { b64 } }] };
    for (const [path, count] of [
      [`/tf/v1/models/${pinned}:classify`, 2],
      [`/tf/v1/models/${pinned}/versions/${second}:classify`, 3],
    ] as const) {
      const { results } = (await ask(app, PARTS, 'POST', path, classified)).body;
      expect((results as unknown[][])[0]?.length).toBe(count);
    }
    const index = await ask(app, PARTS, 'POST', '/v2/repository/index');
    expect(index.body).toContainEqual(expect.objectContaining({ name: pinned, version: String(first) }));
  });

  it('is listed where a path may name it: the one that answers first, and alone where the path names one', async () => {
    const kept = await made(app, PARTS, true);
    const first = await teach(app, PARTS, kept, items(2, 5));
    await ask(app, PARTS, 'POST', `/v1/collections/${kept}/train`);
    const second = await teach(app, PARTS, kept, items(3, 2, 5));
    await ask(app, PARTS, 'POST', `/v1/collections/${kept}/train`);
    const third = await teach(app, PARTS, kept, items(4, 2, 5));
    const listed = async (caller: string, model = kept, end = '') => {
      const v2 = await ask(app, caller, 'GET', `/v2/models/${model}${end}`);
      const image = await ask(app, caller, 'GET', `/v2/models/${model}_image${end}`);
      const tf = await ask(app, caller, 'GET', `/tf/v1/models/${model}${end}`);
      const status = tf.body.model_version_status as { version: string; state: string }[];
      expect([...new Set(status.map(({ state }) => state))]).toEqual(['AVAILABLE']);
      expect(image.body.versions).toEqual(v2.body.versions);
      expect(status.map(({ version }) => version)).toEqual(v2.body.versions);
      return v2.body.versions;
    };
    // The newest is trained by the first who asks.
    expect(await listed(PARTS)).toEqual([third, second, first].map(String));
    expect(await listed(READER, `parts/${kept}`)).toEqual([third, second, first].map(String));
    for (const one of [first, second, third])
      expect(await listed(PARTS, kept, `/versions/${one}`)).toEqual([String(one)]);
    await ask(app, PARTS, 'POST', `/v1/collections/${kept}/versions/${second}/activate`);
    expect(await listed(PARTS)).toEqual([second, third, first].map(String));
    await ask(app, PARTS, 'DELETE', `/v1/collections/${kept}/versions/${first}`);
    expect(await listed(PARTS)).toEqual([second, third].map(String));
  });

  it('that does not come is no version that is not there', async () => {
    const busy = appWith({
      open: async (question) =>
        question.head === undefined
          ? collections.open(question)
          : fail({ code: 'collection_busy', retrySeconds: 5 }),
    });
    const path = `/v2/models/${name}/versions/${version - 1}`;
    expect((await ask(busy, PARTS, 'GET', path)).status).toBe(429);
  });

  it('is the one before while a newer one is being trained', async () => {
    const old = appWith({
      open: async (question) => {
        const served = await collections.open(question);
        return served.ok ? ok({ ...served.value, taught: 2, version: 3, stale: true }) : served;
      },
    });
    const answer = await ask(old, PARTS, 'POST', `/v2/models/${name}_image/infer`, image());
    expect(answer.body.model_version).toBe('2');
  });
});
