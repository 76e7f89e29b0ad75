/** Search and copies in a collection, over HTTP, with the real object. */
import { describe, expect, it } from 'vitest';
import { provided } from '../pictures/provided.ts';
import { service } from '../service.ts';
import { ask, base64Of, embedding, items, KEYS, LOADER, made, PARTS, READER, teach } from './teaching.ts';

const app = service(KEYS);

interface Match {
  readonly id?: string;
  readonly label: string | null;
  readonly similarity: number;
  readonly copy: boolean;
  readonly metadata?: unknown;
}

async function search(name: string, question: BodyInit | object, query = '', key = PARTS): Promise<Match[]> {
  const path = `/v1/collections/${name}/search${query}`;
  const answer = await ask(app, key, 'POST', path, question);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.matches as Match[];
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (one: readonly number[], other: readonly number[]) =>
    one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe('search', () => {
  it('finds what an exact one finds, by embedding and by id, whatever is added and removed meanwhile', async () => {
    const name = await made(app, PARTS);
    const vectors = new Map<string, number[]>();
    const put = async (kinds: number, count: number, from: number) => {
      const list = items(kinds, count, from);
      for (const [index, { id }] of list.entries())
        vectors.set(id, embedding(index % kinds, from + Math.floor(index / kinds)));
      await teach(app, PARTS, name, list);
    };
    const check = async () => {
      const question = embedding(2, 500);
      const exact = [...vectors]
        .map(([id, vector]) => ({ id, similarity: cosine(question, vector) }))
        .sort((one, other) => other.similarity - one.similarity);
      const found = await search(name, { embedding: base64Of(question) }, '?top_k=5');
      expect(found.map(({ id }) => id)).toEqual(exact.slice(0, 5).map(({ id }) => id));
      for (const [index, { similarity }] of found.entries())
        expect(similarity).toBeCloseTo(exact[index]?.similarity ?? Number.NaN, 2);
    };
    await put(5, 6, 0);
    await check();
    await put(5, 6, 100);
    await check();
    const [nearest] = await search(name, { embedding: embedding(2, 500) }, '?top_k=1');
    await ask(app, PARTS, 'DELETE', `/v1/collections/${name}/items/${encodeURIComponent(nearest?.id ?? '')}`);
    vectors.delete(nearest?.id ?? '');
    await check();
    // An existing id gets another vector.
    await teach(app, PARTS, name, [{ id: '0/0', embedding: base64Of(embedding(2, 777)), label: 'kind-0' }]);
    vectors.set('0/0', embedding(2, 777));
    await check();
    await ask(app, PARTS, 'DELETE', `/v1/collections/${name}/items?label=kind-2`);
    for (const id of [...vectors.keys()]) if (id.startsWith('2/')) vectors.delete(id);
    await check();

    const like = await search(name, { id: '3/0', top_k: 4 });
    expect(like).toHaveLength(4);
    expect(like.every(({ id, label }) => id !== '3/0' && label === 'kind-3')).toBe(true);
    const labelled = await search(name, { id: '3/0', label: 'kind-1', top_k: 100 });
    expect(labelled).toHaveLength(12);
    expect(labelled.every(({ label }) => label === 'kind-1')).toBe(true);
    expect(await search(name, { id: '3/0', min_similarity: 0.999 })).toEqual([]);
  });

  it('tells copies of a picture, which need no label, with their metadata', async () => {
    const name = await made(app, PARTS);
    const path = `/v1/collections/${name}/items`;
    await ask(app, PARTS, 'POST', `${path}?id=crossword&metadata={"page":7}`, provided('crossword.png-rgb8'));
    await ask(app, PARTS, 'POST', `${path}?id=web`, provided('spider-web.jpeg-420'));
    const [first, second] = await search(name, provided('crossword.jpeg-420'));
    expect(first).toMatchObject({ id: 'crossword', copy: true, label: null, metadata: { page: 7 } });
    expect(second).toMatchObject({ id: 'web', copy: false, metadata: null });
    const form = new FormData();
    form.append('image', new File([provided('spider-web.jpeg-420')], 'a.jpg'));
    form.append('top_k', '1');
    expect(await search(name, form)).toMatchObject([
      { id: 'web', copy: true, similarity: expect.closeTo(1, 3) },
    ]);
  });

  it('answers nothing of an empty collection, and refuses what it cannot search for', async () => {
    const name = await made(app, PARTS);
    expect(await search(name, { embedding: embedding(0, 0) })).toEqual([]);
    const refused = (body: object, query = '') =>
      ask(app, PARTS, 'POST', `/v1/collections/${name}/search${query}`, body);
    expect(await refused({ id: 'none' })).toMatchObject({ status: 404, body: { code: 'item_unknown' } });
    expect(await refused({ embedding: [1] })).toMatchObject({ status: 400, body: { code: 'field_invalid' } });
    expect(await refused({ id: 'a' }, '?top_k=101')).toMatchObject({
      status: 400,
      body: { code: 'option_invalid' },
    });
    expect(await refused({ embedding: embedding(0, 0), embedding_space: 'other/1' })).toMatchObject({
      status: 409,
      body: { code: 'embedding_space_differs' },
    });
  });

  it('tells others of what is shared neither ids nor metadata, and of the rest nothing', async () => {
    const name = await made(app, PARTS, true);
    await teach(app, PARTS, name, [
      { embedding: base64Of(embedding(0, 0)), id: 'secret-id', label: 'a', metadata: { secret: 1 } },
    ]);
    const shared = `parts%2F${name}`;
    const found = await search(shared, { embedding: embedding(0, 0) }, '', READER);
    expect(found).toEqual([{ label: 'a', similarity: expect.closeTo(1, 3), copy: true }]);
    // They must not learn whether an id exists.
    for (const id of ['secret-id', 'another'])
      expect(await ask(app, READER, 'POST', `/v1/collections/${shared}/search`, { id })).toMatchObject({
        status: 404,
        body: { code: 'item_unknown' },
      });
    await ask(app, PARTS, 'PUT', `/v1/collections/${name}`, { shared: false });
    expect(
      await ask(app, LOADER, 'POST', `/v1/collections/${shared}/search`, { embedding: embedding(0, 0) }),
    ).toMatchObject({ status: 404, body: { code: 'collection_unknown' } });
  });
});
