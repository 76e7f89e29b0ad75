/** Heads in the isolates that answer: how often the object is called, and how its faults are handled. */
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { encodeHead } from '../../src/collections/head-bytes.ts';
import type { HeadCache } from '../../src/collections/head-cache.ts';
import { createObjects, type Namespace, type Objects, type Remote } from '../../src/collections/objects.ts';
import { SCHEMA } from '../../src/collections/schema.ts';
import { createServing, FRESH_MILLISECONDS } from '../../src/collections/serving.ts';
import { storedVector } from '../../src/collections/vectors.ts';
import { fail, ok } from '../../src/failure.ts';
import { embedding, freshName } from './teaching.ts';

const ORIGIN = 'https://service.test';
const QUOTAS = { collections: 20, items: 100, labels: 10, labelledItems: 100 };
const NO_CACHE: HeadCache = { find: async () => undefined, keep() {} };

/** A collection in a real object, whose calls are counted and can be made to fail. */
async function taught(shared = false) {
  const real = createObjects(env.COLLECTIONS);
  const reference = { owner: 'parts', name: freshName() };
  const calls: string[] = [];
  let fault: ((method: string) => unknown) | undefined;
  const objects: Objects = {
    ...real,
    ofCollection: (asked, ask, again) =>
      createObjects(
        {
          getByName: (name: string) =>
            new Proxy(env.COLLECTIONS.getByName(name), {
              get: (stub, method) => {
                const called = Reflect.get(stub, method);
                if (typeof called !== 'function') return called;
                return async (...given: unknown[]) => {
                  calls.push(String(method));
                  const wrong = fault?.(String(method));
                  if (wrong instanceof Error) throw wrong;
                  if (wrong !== undefined) return wrong;
                  return Reflect.apply(called, stub, given);
                };
              },
            }),
          // The part of a namespace that is used.
        } as Namespace,
        300,
      ).ofCollection(asked, ask, again),
  };
  let time = 1_000_000;
  const ask = <T>(work: (object: Remote) => Promise<T>) =>
    real.ofCollection(reference, async (object) => ok(await work(object)));
  await ask((object) => object.create(reference, { shared }));
  const teach = async (label: string, kind: number, id: string) => {
    const vector = storedVector(embedding(kind, id.length));
    const added = await real.ofCollection(reference, (object) =>
      object.add('parts', [{ id, label, vector }], QUOTAS),
    );
    if (!added.ok) throw new Error(added.failure.code);
    return added.value.facts.version;
  };
  await teach('a', 0, '1');
  const version = await teach('b', 1, '22');
  return {
    reference,
    calls,
    version,
    teach,
    real,
    setFault(next: typeof fault) {
      fault = next;
    },
    pass(milliseconds: number) {
      time += milliseconds;
    },
    serving: (cache = NO_CACHE) => createServing(objects, cache, () => time),
    question: { reference, caller: 'parts', origin: ORIGIN },
  };
}

const LOST = Object.assign(new Error('Network connection lost.'), { retryable: true });
const OVERLOADED = Object.assign(new Error('Durable Object is overloaded.'), {
  overloaded: true,
  retryable: true,
});

describe('the object', () => {
  it('is asked once for the head, and for its version every ten seconds at most', async () => {
    const { serving: create, question, calls, pass, version } = await taught();
    const serving = create();
    for (let times = 0; times < 20; times++) {
      const served = await serving.open(question);
      expect(served).toMatchObject({ ok: true, value: { version, stale: false } });
      pass(FRESH_MILLISECONDS / 25);
    }
    expect(calls).toEqual(['facts', 'head']);
    pass(FRESH_MILLISECONDS);
    await serving.open(question);
    expect(calls).toEqual(['facts', 'head', 'facts']);
  });

  it('is asked once by questions that come at once, and trains once', async () => {
    const { serving: create, question, calls } = await taught();
    const serving = create();
    const all = await Promise.all(Array.from({ length: 12 }, () => serving.open(question)));
    expect(all.every(({ ok: good }) => good)).toBe(true);
    expect(calls.filter((method) => method === 'head')).toEqual(['head']);
  });

  it('is asked at once where a version is wanted that is not known', async () => {
    const { serving: create, question, teach, version } = await taught();
    const serving = create();
    await serving.open(question);
    const newer = await teach('c', 2, '333');
    expect(await serving.open(question)).toMatchObject({ value: { version } });
    const served = await serving.open({ ...question, version: newer });
    expect(served).toMatchObject({ ok: true, value: { version: newer, head: { labels: ['a', 'b', 'c'] } } });
    expect(await serving.open({ ...question, version: newer + 1 })).toMatchObject({
      ok: false,
      failure: { code: 'option_invalid' },
    });
  });

  it('is not asked anew for a head that answers because versions were asked for that are not there', async () => {
    const one = await taught();
    const other = await taught();
    const serving = one.serving();
    await serving.open(other.question);
    for (let head = 1000; head < 1510; head++) {
      const served = await serving.open({ ...one.question, head });
      expect(served).toMatchObject({ ok: false, failure: { code: 'version_unknown' } });
    }
    one.calls.length = 0;
    expect(await serving.open(other.question)).toMatchObject({ ok: true });
    expect(one.calls).toEqual([]);
  });

  it('is asked for callers who may not use it as often as one that does not exist', async () => {
    const { serving: create, question, calls } = await taught();
    const serving = create();
    await serving.open(question);
    calls.length = 0;
    const foreign = await serving.open({ ...question, caller: 'loader' });
    const callsOfForeign = [...calls];
    calls.length = 0;
    const missing = await serving.open({
      ...question,
      reference: { owner: 'parts', name: freshName() },
      caller: 'loader',
    });
    expect(calls).toEqual(callsOfForeign);
    expect(foreign).toEqual(missing);
    expect(foreign).toMatchObject({ ok: false, failure: { code: 'collection_unknown' } });
  });

  it('that is made anew is not answered for by the one before it', async () => {
    const { serving: create, question, pass, real, reference, teach } = await taught();
    const serving = create();
    await serving.open(question);
    await real.ofCollection(reference, (object) => object.forget('parts'));
    pass(FRESH_MILLISECONDS);
    expect(await serving.open(question)).toMatchObject({ failure: { code: 'collection_unknown' } });
    await real.ofCollection(reference, (object) => object.create(reference, { shared: false }));
    await teach('x', 5, '1');
    await teach('y', 6, '22');
    expect(await serving.open(question)).toMatchObject({ ok: true, value: { head: { labels: ['x', 'y'] } } });
  });
});

describe('an object', () => {
  it('that is gone once is asked again', async () => {
    const { serving: create, question, calls, setFault } = await taught();
    let times = 0;
    setFault(() => (times++ === 0 ? LOST : undefined));
    expect(await create().open(question)).toMatchObject({ ok: true });
    expect(calls).toEqual(['facts', 'facts', 'head']);
  });

  it.each([
    ['gone', () => LOST],
    ['overloaded', () => OVERLOADED],
    ['slow', () => new Promise(() => {})],
  ])('that is %s: what was known answers, and a first question comes back later', async (_, wrong) => {
    const { serving: create, question, pass, setFault, teach, version } = await taught();
    const serving = create();
    await serving.open(question);
    const newer = await teach('c', 2, '333');
    setFault(wrong);
    pass(FRESH_MILLISECONDS);
    expect(await serving.open(question)).toMatchObject({ ok: true, value: { version, stale: false } });
    expect(await serving.open({ ...question, version: newer })).toMatchObject({
      ok: false,
      failure: { code: 'collection_busy' },
    });
    expect(await create().open(question)).toMatchObject({ ok: false, failure: { code: 'collection_busy' } });
    setFault(undefined);
    pass(FRESH_MILLISECONDS);
    expect(await serving.open(question)).toMatchObject({ ok: true, value: { version: newer, stale: false } });
  });

  it('whose training does not come: the version before answers, and says so', async () => {
    const { serving: create, question, pass, setFault, teach, version } = await taught();
    const serving = create();
    await serving.open(question);
    await teach('c', 2, '333');
    setFault((method) => (method === 'head' ? OVERLOADED : undefined));
    pass(FRESH_MILLISECONDS);
    expect(await serving.open(question)).toMatchObject({ ok: true, value: { version, stale: true } });
  });

  it('whose database is full says so', async () => {
    const { question, setFault, serving: create } = await taught();
    setFault(() => new Error('database or disk is full: SQLITE_FULL'));
    expect(await create().open(question)).toMatchObject({
      ok: false,
      failure: { code: 'quota_reached', of: 'bytes' },
    });
  });

  it('that a newer version has written is left alone, and only its owner is told', async () => {
    const { runInDurableObject } = await import('cloudflare:test');
    const { question, reference, real, serving: create } = await taught(true);
    const stub = env.COLLECTIONS.getByName(`collection/parts/${reference.name}`);
    await runInDurableObject(stub, (_, state) => {
      state.storage.sql.exec('UPDATE collection SET schema = ?', SCHEMA + 1);
    });
    expect(await create().open(question)).toEqual(fail({ code: 'collection_newer' }));
    expect(await create().open({ ...question, caller: 'loader' })).toEqual(
      fail({ code: 'collection_unknown' }),
    );
    const forgotten = await real.ofCollection(reference, (object) => object.forget('parts'));
    expect(forgotten).toEqual(fail({ code: 'collection_newer' }));
  });

  it('of another space is refused', async () => {
    const { runInDurableObject } = await import('cloudflare:test');
    const { question, reference, serving: create } = await taught();
    const stub = env.COLLECTIONS.getByName(`collection/parts/${reference.name}`);
    await runInDurableObject(stub, (_, state) => {
      state.storage.sql.exec("UPDATE collection SET space = 'other/1'");
    });
    expect(await create().open(question)).toMatchObject({
      ok: false,
      failure: { code: 'embedding_space_differs', wanted: 'other/1' },
    });
  });

  it('has no row above 2 MB, however large the head', async () => {
    const { runInDurableObject } = await import('cloudflare:test');
    const { reference, real } = await taught();
    const many = Array.from({ length: 1200 }, (_, index) => ({
      id: `many-${index}`,
      label: `label-${index % 100}`,
      vector: storedVector(embedding(index % 100, index)),
    }));
    const quotas = { ...QUOTAS, items: 5000, labels: 200, labelledItems: 5000 };
    await real.ofCollection(reference, (object) => object.add('parts', many, quotas));
    const head = await real.ofCollection(reference, (object) => object.head('parts'));
    if (!head.ok) throw new Error(head.failure.code);
    expect(head.value.bytes.byteLength).toBeGreaterThan(2_000_000);
    const stub = env.COLLECTIONS.getByName(`collection/parts/${reference.name}`);
    const largest = await runInDurableObject(stub, (_, state) =>
      state.storage.sql.exec<{ bytes: number }>('SELECT max(length(bytes)) AS bytes FROM heads').one(),
    );
    expect(largest.bytes).toBeLessThanOrEqual(1_000_000);
    const again = await real.ofCollection(reference, (object) => object.head('parts'));
    expect(again.ok && again.value.bytes).toEqual(head.value.bytes);
  });
});

describe('a version', () => {
  it('that is asked for answers beside the active one, and is fetched once', async () => {
    const { serving: create, question, calls, teach, version, pass } = await taught();
    const serving = create();
    await serving.open(question);
    const newer = await teach('c', 2, '333');
    await serving.open({ ...question, version: newer });
    calls.length = 0;
    const ofTwo = {
      ok: true,
      value: { head: { labels: ['a', 'b'], ids: [] }, active: version, stale: false },
    };
    for (let times = 0; times < 3; times++) {
      expect(await serving.open({ ...question, head: version })).toMatchObject(ofTwo);
      const newest = await serving.open(question);
      expect(newest).toMatchObject({ value: { head: { labels: ['a', 'b', 'c'] }, version: newer } });
      expect(newest.ok && newest.value.active).toBe(undefined);
    }
    expect(calls).toEqual(['version']);
    expect(await serving.open({ ...question, head: 99 })).toEqual(
      fail({ code: 'version_unknown', known: [newer, version] }),
    );
    serving.forget(question.reference);
    calls.length = 0;
    await serving.open({ ...question, head: version });
    expect(calls).toEqual(['facts', 'version']);
    pass(FRESH_MILLISECONDS);
    await serving.open({ ...question, head: version });
    expect(calls).toEqual(['facts', 'version', 'facts']);
  });

  it('that was activated is kept in the cache apart from the same one with its examples', async () => {
    const { serving: create, question, real, reference, version, pass } = await taught();
    const kept = new Map<string, Uint8Array<ArrayBuffer>>();
    const cache: HeadCache = {
      find: async (key) => kept.get(key),
      keep: (key, _, head) => void kept.set(key, head),
    };
    const serving = create(cache);
    const before = await serving.open(question);
    expect(before.ok && before.value.head.ids).toEqual(['1', '22']);
    const activated = await real.ofCollection(reference, (object) => object.activate('parts', version));
    expect(activated).toMatchObject({
      ok: true,
      value: { facts: { active: version, version: version + 1 } },
    });
    pass(FRESH_MILLISECONDS);
    const after = await serving.open(question);
    expect(after).toMatchObject({
      ok: true,
      value: { active: version, version: version + 1, head: { ids: [] } },
    });
    expect(kept.size).toBe(2);
  });
});

describe('the cache', () => {
  it('spares an isolate that comes later the object’s work, and its faults are misses', async () => {
    const { serving: create, question, calls } = await taught();
    const kept = new Map<string, Uint8Array<ArrayBuffer>>();
    const cache: HeadCache = {
      find: async (key) => kept.get(key),
      keep: (key, _, head) => void kept.set(key, head),
    };
    await create(cache).open(question);
    await create(cache).open(question);
    expect(calls).toEqual(['facts', 'head', 'facts']);
    expect(kept.size).toBe(1);
    for (const key of kept.keys()) kept.set(key, new Uint8Array(100));
    expect(await create(cache).open(question)).toMatchObject({ ok: true });
    expect(calls.at(-1)).toBe('head');
  });

  it('is the platform’s: what one has kept another finds', async () => {
    const { createHeadCache } = await import('../../src/collections/head-cache.ts');
    const { serving: create, question, calls } = await taught();
    const first = await create(createHeadCache(60)).open(question);
    await vi.waitFor(async () => {
      calls.length = 0;
      const again = await create(createHeadCache(60)).open(question);
      expect(again.ok && first.ok && encodeHead(again.value.head)).toEqual(
        first.ok && encodeHead(first.value.head),
      );
      expect(calls).toEqual(['facts']);
    });
    calls.length = 0;
    await create(createHeadCache(0)).open(question);
    expect(calls).toEqual(['facts', 'head']);
  });
});
