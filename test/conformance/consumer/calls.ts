/** The installed client against the running Worker. */
import assert from 'node:assert/strict';
import { createClient, ProblemError } from 'mobilenet-edge/client';
import { report, target, thrownBy } from '../report.ts';
import { collectionChecks } from './collections.ts';
import { manyChecks } from './many.ts';

const { url, image } = await target();
const client = createClient({ url });

async function problemOf(call: () => Promise<unknown>): Promise<ProblemError> {
  const error = await thrownBy(call);
  assert.ok(error instanceof ProblemError, String(error));
  return error;
}

/** A service that is busy a number of times, with a record of the client's requests. */
function busy(times: number, retryAfter: string) {
  const asked: { readonly url: string; readonly key: string | null }[] = [];
  const service = async (to: string, init: RequestInit) => {
    asked.push({ url: to, key: new Headers(init.headers).get('authorization') });
    if (asked.length > times) return Response.json([]);
    const problem = { type: '/docs#', code: 'internal', status: 429, detail: 'busy', request_id: 'r' };
    return Response.json(problem, { status: 429, headers: { 'retry-after': retryAfter } });
  };
  return { asked, service };
}

await report(manyChecks(url, image));
await report(collectionChecks(url, image));
await report({
  'classify takes bytes, a Blob and an ArrayBuffer, and gives the same': async () => {
    const answer = await client.classify(image, { top_k: 2 });
    assert.equal(answer.predictions.length, 2);
    assert.ok((answer.predictions[0]?.score ?? 0) > 0.1);
    assert.deepEqual(await client.classify(new Blob([image]), { top_k: 2 }), answer);
    assert.deepEqual(await client.classify(image.slice().buffer, { top_k: 2 }), answer);
  },
  'options reach the service': async () => {
    const [best] = (await client.classify(image)).predictions;
    const name = best?.label ?? '';
    const without = await client.classify(image, { labels: { exclude: [name] } });
    assert.ok(without.predictions.every(({ label }) => label !== name));
    const only = await client.classify(image, { labels: { include: [name, 'tabby'] }, min_score: 0 });
    assert.deepEqual(only.predictions.map(({ label }) => label).sort(), [name, 'tabby'].sort());
  },
  'groups are listed, filtered by, and lead to the tag': async () => {
    const groups = await client.groups();
    assert.ok(
      groups.some(({ id, parent, classes }) => id === 'dog' && parent === 'animal' && classes === 118),
    );
    const { tags, tag } = await client.classify(image, { tag_min_score: 0.51 });
    const last = tags.at(-1);
    assert.equal(tag, last?.group === 'object' ? null : (last?.name ?? null));
    const { predictions, labels_score } = await client.classify(image, {
      labels: { include: ['dog'] },
      top_k: 1000,
    });
    assert.equal(predictions.length, 118);
    assert.equal(typeof labels_score, 'number');
  },
  'embed gives 1024 numbers of length 1': async () => {
    const { embedding } = await client.embed(image, { normalize: true });
    assert.equal(embedding.length, 1024);
    assert.ok(Math.abs(Math.hypot(...embedding) - 1) < 1e-5);
  },
  'batch gives each its result or its problem, in order': async () => {
    const items = [];
    for await (const item of client.batch([image, new Blob(['no picture']), image], { top_k: 1 }))
      items.push(item);
    assert.deepEqual(
      items.map(({ index, ok }) => [index, ok]),
      [
        [0, true],
        [1, false],
        [2, true],
      ],
    );
    assert.ok(items[1] && !items[1].ok && items[1].problem.code === 'image_format_unsupported');
  },
  'batch takes addresses among the bytes': async () => {
    const codes = [];
    for await (const item of client.batch([image, { url: 'https://example.com/a.jpg' }]))
      codes.push(item.ok ? 'ok' : item.problem.code);
    assert.equal(codes[0], 'ok');
    assert.equal(codes.length, 2);
  },
  'a batch may be left early': async () => {
    for await (const item of client.batch([image, image, image])) {
      assert.equal(item.index, 0);
      break;
    }
  },
  'facts: labels, limits, model': async () => {
    assert.equal((await client.labels()).length, 1000);
    assert.equal((await client.limits()).top_k.max, 1000);
    assert.equal((await client.model()).name, (await client.classify(image)).model.name);
  },
  'a refusal is thrown with its code, status, text and request id': async () => {
    const error = await problemOf(() => client.classify(new TextEncoder().encode('hello')));
    assert.equal(error.code, 'image_format_unsupported');
    assert.equal(error.status, 415);
    assert.match(error.detail, /JPEG/);
    assert.match(error.request_id ?? '', /^[\w-]{8,}$/);
    assert.equal(error.retryAfter, undefined);
  },
  'an answer that is not of the service is thrown as that': async () => {
    const proxy = createClient({ url, fetch: async () => new Response('<html>', { status: 502 }) });
    const error = await problemOf(() => proxy.labels());
    assert.equal(error.code, 'unexpected_answer');
    assert.equal(error.status, 502);
  },
  'asks again after 429, as late as told, with its key': async () => {
    const { asked, service } = busy(1, '1');
    const begin = Date.now();
    await createClient({ url: `${url}/base`, key: 'k', fetch: service }).labels();
    assert.ok(Date.now() - begin >= 1000);
    assert.deepEqual(asked, Array(2).fill({ url: `${url}/base/v1/labels`, key: 'Bearer k' }));
  },
  'asks again only so often': async () => {
    const { asked, service } = busy(9, '0');
    const error = await problemOf(() => createClient({ url, fetch: service, retries: 2 }).labels());
    assert.equal(error.status, 429);
    assert.equal(asked.length, 3);
  },
  'does not wait longer than it may': async () => {
    const { asked, service } = busy(9, '3600');
    const error = await problemOf(() => createClient({ url, fetch: service }).labels());
    assert.equal(error.retryAfter, 3600);
    assert.equal(asked.length, 1);
  },
  'stops waiting when it is told to': async () => {
    const { service } = busy(9, '20');
    const patient = createClient({ url, fetch: service });
    const error = await thrownBy(() => patient.labels({ signal: AbortSignal.timeout(200) }));
    assert.ok(error instanceof Error && error.name === 'TimeoutError');
  },
});
