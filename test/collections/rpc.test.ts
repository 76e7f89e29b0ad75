/** Collections over RPC, as a Worker calls them. */
import { exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Rpc, RpcResult } from '../../client/rpc.ts';
import { provided } from '../pictures/provided.ts';
import { service } from '../service.ts';
import { ask, embedding, freshName, items, KEYS, made, PARTS, teach } from './teaching.ts';

// The Worker's own entry point, with the published types, as another Worker has it over a binding.
const worker = exports.default as unknown as Rpc;

const GOLF_BALL = provided('golf-ball.jpeg-420');
const SPIDER_WEB = provided('spider-web.jpeg-420');

/** The file with data after its end, which no decoder reads: it gets another id. */
function withoutMeaning(file: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...file, 0]);
}

function valueIn<T>(result: RpcResult<T>): T {
  if (!result.ok) throw new Error(result.error.detail);
  return result.value;
}

describe('a collection over RPC', () => {
  it('is made, taught, asked, changed and forgotten', async () => {
    const name = freshName();
    const parts = await worker.collection(name);
    expect(await parts.status()).toMatchObject({
      ok: false,
      error: { code: 'collection_unknown', status: 404 },
    });
    expect(await parts.make()).toMatchObject({ ok: true, value: { name, state: 'empty' } });
    const added = await parts.add(GOLF_BALL, { label: 'ball', metadata: { shelf: 1 } });
    expect(added).toMatchObject({
      ok: true,
      value: [{ ok: true, value: { label: 'ball', status: 'added' } }],
    });
    expect(await parts.add([SPIDER_WEB, new Uint8Array([1, 2, 3])], { label: 'web' })).toMatchObject({
      ok: true,
      value: [{ ok: true }, { ok: false, error: { code: 'image_format_unsupported' } }],
    });
    expect(
      await parts.addEmbeddings([{ embedding: embedding(3, 1), id: 'n', label: 'numbers' }]),
    ).toMatchObject({
      value: [{ ok: true, value: { id: 'n' } }],
    });
    expect(await parts.classify(SPIDER_WEB, { top_k: 1 })).toMatchObject({
      ok: true,
      value: { predictions: [{ label: 'web' }], unknown: false, collection: { name } },
    });
    expect(await parts.change('n', { label: null })).toMatchObject({ ok: true, value: { label: null } });
    expect(await parts.train()).toMatchObject({ ok: true, value: { state: 'ready', labelled: 2, items: 3 } });
    expect(await parts.items({ limit: 2 })).toMatchObject({ ok: true, value: { items: [{}, {}] } });
    expect(await parts.item('n')).toMatchObject({ ok: true, value: { id: 'n', label: null } });
    expect(await parts.remove({ id: 'n' })).toMatchObject({ ok: true, value: { removed: 1 } });
    const all = await worker.collections();
    expect(all).toMatchObject({
      ok: true,
      value: expect.arrayContaining([expect.objectContaining({ name })]),
    });
    expect(await parts.delete()).toEqual({ ok: true, value: null });
    expect(await parts.classify(SPIDER_WEB)).toMatchObject({
      ok: false,
      error: { code: 'collection_unknown' },
    });
  });

  it('is searched for a picture in every form, an embedding and an item', async () => {
    const parts = await worker.collection(freshName());
    await parts.make();
    await parts.add(GOLF_BALL, { label: 'ball', id: 'ball', metadata: { shelf: 1 } });
    await parts.add(SPIDER_WEB, { id: 'web' });
    const { embedding: vector } = valueIn(await worker.embed(GOLF_BALL));
    const forms: Parameters<typeof parts.search>[0][] = [
      GOLF_BALL,
      GOLF_BALL.slice().buffer,
      new Blob([GOLF_BALL]).stream(),
      new Response(GOLF_BALL),
      new Request('https://example.com', { method: 'POST', body: GOLF_BALL }),
      { embedding: Float32Array.from(vector as number[]) },
      { embedding: vector as number[], embedding_space: 'mobilenet_v3_small_100_224/1' },
    ];
    for (const form of forms) {
      const { matches } = valueIn(await parts.search(form));
      expect(matches).toMatchObject([
        {
          id: 'ball',
          label: 'ball',
          copy: true,
          metadata: { shelf: 1 },
          similarity: expect.closeTo(1, 3),
        },
        { id: 'web', label: null, copy: false, metadata: null },
      ]);
    }
    expect(valueIn(await parts.search({ id: 'ball' })).matches.map(({ id }) => id)).toEqual(['web']);
    const options = { top_k: 1, min_similarity: 0.9, label: 'ball' };
    expect(valueIn(await parts.search(GOLF_BALL, options)).matches).toHaveLength(1);
    expect(valueIn(await parts.search(SPIDER_WEB, options)).matches).toEqual([]);

    expect(await parts.search({ id: 'none' })).toMatchObject({ ok: false, error: { code: 'item_unknown' } });
    expect(await parts.search({ embedding: [1] })).toMatchObject({
      ok: false,
      error: { code: 'field_invalid' },
    });
    expect(await parts.search({ embedding: vector as number[], embedding_space: 'other/1' })).toMatchObject({
      ok: false,
      error: { code: 'embedding_space_differs', status: 409 },
    });
    expect(await parts.search(GOLF_BALL, { top_k: 101 })).toMatchObject({
      ok: false,
      error: { code: 'option_invalid' },
    });
    expect(await parts.search(new Uint8Array([1, 2, 3]))).toMatchObject({
      ok: false,
      error: { code: 'image_format_unsupported' },
    });
    await parts.delete();
  });

  it('tells copies: of a picture that is added, and of all', async () => {
    const parts = await worker.collection(freshName());
    await parts.make();
    const [first, web, again] = valueIn(await parts.add([GOLF_BALL, SPIDER_WEB, withoutMeaning(GOLF_BALL)]));
    if (!(first?.ok && web?.ok && again?.ok)) throw new Error('not added');
    expect([first.value.copy_of, web.value.copy_of]).toEqual([undefined, undefined]);
    const { id } = first.value;
    expect(again.value.copy_of).toEqual({ id, label: null, similarity: expect.closeTo(1, 3) });
    expect(await parts.duplicates({ limit: 1 })).toMatchObject({
      ok: true,
      value: { groups: [{ id, copies: [{ id: again.value.id, similarity: expect.closeTo(1, 3) }] }] },
    });
    const [quiet] = valueIn(await parts.add(withoutMeaning(SPIDER_WEB), { copies: false }));
    expect(quiet).not.toHaveProperty('value.copy_of');
    expect(valueIn(await parts.duplicates()).groups).toHaveLength(2);
    expect(await parts.duplicates({ cursor: '-' })).toMatchObject({ error: { code: 'option_invalid' } });
    const stub = await worker.collection('parts/any');
    expect(await stub.duplicates()).toMatchObject({ error: { code: 'collection_unknown' } });
    await parts.delete();
  });

  it('leaves as a file and comes back, and goes back to what it answered before', async () => {
    const [from, to] = [await worker.collection(freshName()), await worker.collection(freshName())];
    await from.make();
    await to.make();
    const many = items(2, 260).map(({ id, label }, index) => ({
      id,
      label,
      embedding: embedding(index % 2, index),
    }));
    expect(await from.importItems([...many, { embedding: [1] }])).toMatchObject({
      ok: true,
      value: { items: { added: 520, failed: 1 }, errors: [{ line: 521, error: { code: 'field_invalid' } }] },
    });
    const first = await from.exportItems();
    if (!first.ok) throw new Error(first.error.code);
    expect(first.value).toMatchObject({ items: { length: 500 }, after: first.value.items.at(-1)?.id });
    const rest = await from.exportItems({ after: String(first.value.after) });
    if (!rest.ok) throw new Error(rest.error.code);
    expect(rest.value).toEqual({ items: expect.objectContaining({ length: 20 }) });
    expect(await to.importItems([...first.value.items, ...rest.value.items])).toMatchObject({
      value: { items: { added: 520, failed: 0 } },
    });
    const [head, same] = [await from.exportHead(), await to.exportHead()];
    if (!head.ok || !same.ok) throw new Error('no head');
    expect(same.value.weights).toBe(head.value.weights);
    const onnx = await from.exportOnnx({ version: head.value.version });
    expect(onnx.ok && onnx.value.byteLength).toBeGreaterThan(4 * 2 * 2 * 1024);

    await to.change('0/0', { label: 'odd' });
    await to.train();
    expect(await to.versions()).toMatchObject({
      value: { versions: [{ labels: 3 }, { labels: 2 }], pinned: false },
    });
    expect(await to.activate(same.value.version)).toMatchObject({ ok: true, value: { pinned: true } });
    const again = await to.exportHead();
    expect(again.ok && again.value.version).toBe(same.value.version);
    expect(await to.activate('latest')).toMatchObject({ value: { pinned: false } });
    expect(await to.deleteVersion(same.value.version)).toMatchObject({ value: { versions: { length: 1 } } });
    expect(await to.activate(same.value.version)).toMatchObject({
      ok: false,
      error: { code: 'version_unknown', status: 404 },
    });
    expect(await to.importHead(head.value)).toMatchObject({ value: { head: { status: 'imported' } } });
    expect(await to.importHead({ ...head.value, bias: [1] })).toMatchObject({
      error: { code: 'field_invalid', detail: expect.stringContaining('bias') },
    });
    for (const one of [from, to]) await one.delete();
  });

  it('is the callers’ own, and those of keys are theirs unless they share them', async () => {
    const app = service(KEYS);
    const shared = await made(app, PARTS, true);
    await teach(app, PARTS, shared, items(2, 2));
    const stub = await worker.collection(`parts/${shared}`);
    expect(await stub.classify(GOLF_BALL)).toMatchObject({
      ok: true,
      value: { collection: { name: `parts/${shared}` } },
    });
    const [{ id, metadata } = {}] = valueIn(await stub.search({ embedding: embedding(0, 0) })).matches;
    expect([id, metadata]).toEqual([undefined, undefined]);
    const foreign = { ok: false, error: { code: 'collection_unknown' } };
    expect(await stub.items()).toMatchObject(foreign);
    expect(await stub.search({ id: '0/0' })).toMatchObject({ error: { code: 'item_unknown' } });
    expect(await stub.add(GOLF_BALL)).toMatchObject(foreign);
    expect(await stub.delete()).toMatchObject(foreign);
    await ask(app, PARTS, 'PUT', `/v1/collections/${shared}`, { shared: false });
    expect(await stub.status()).toMatchObject(foreign);
    // No key can have the name of the owner that Workers share, so theirs cannot be accessed as one's own.
    const own = freshName();
    await (await worker.collection(own)).make();
    expect(await ask(app, PARTS, 'GET', `/v1/collections/:rpc%2F${own}`)).toMatchObject({ status: 404 });
    await (await worker.collection(own)).delete();
  });

  it('is made with shards, which are searched and not trained on', async () => {
    const parts = await worker.collection(freshName());
    expect(await parts.make({ shards: 3 })).toMatchObject({
      ok: true,
      value: { shards: 3, state: 'search_only' },
    });
    const some = [0, 1, 2, 3].map((i) => ({ embedding: embedding(1, i), id: `n-${i}`, label: 'numbers' }));
    expect(await parts.addEmbeddings(some)).toMatchObject({ ok: true });
    const { matches } = valueIn(await parts.search({ embedding: embedding(1, 9) }, { top_k: 10 }));
    expect(matches.map(({ id }) => id).toSorted()).toEqual(['n-0', 'n-1', 'n-2', 'n-3']);
    expect(await parts.classify(GOLF_BALL)).toMatchObject({
      error: { code: 'collection_sharded', status: 409 },
    });
    expect(await parts.make({ shards: 2 })).toMatchObject({ error: { code: 'shards_fixed', status: 409 } });
    for (const shards of [0, 18, '3' as unknown as number])
      expect(await parts.make({ shards })).toMatchObject({ error: { code: 'field_invalid', status: 400 } });
    expect(await parts.delete()).toMatchObject({ ok: true });
  });

  it('fails with values for what a caller sends', async () => {
    const stub = await worker.collection('Not A Name');
    expect(await stub.make()).toMatchObject({ ok: false, error: { code: 'field_invalid', status: 400 } });
    const parts = await worker.collection(freshName());
    await parts.make();
    expect(await parts.add([])).toMatchObject({ ok: false, error: { code: 'batch_empty' } });
    expect(await parts.addEmbeddings([{ embedding: [1] }])).toMatchObject({
      value: [{ ok: false, error: { code: 'field_invalid' } }],
    });
    expect(await parts.classify(GOLF_BALL)).toMatchObject({
      ok: false,
      error: { code: 'collection_untaught' },
    });
    await parts.delete();
  });
});
