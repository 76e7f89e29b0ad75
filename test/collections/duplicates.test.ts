/** Items that are copies of older ones, over HTTP, with the real object. */
import { describe, expect, it } from 'vitest';
import { provided } from '../pictures/provided.ts';
import { service } from '../service.ts';
import { ask, base64Of, embedding, KEYS, LOADER, made, PARTS, READER, teach } from './teaching.ts';

const app = service(KEYS);

const CROSSWORD = provided('crossword.png-rgb8');
const CROSSWORD_AGAIN = provided('crossword.jpeg-420');
const WEB = provided('spider-web.jpeg-420');

interface Copy {
  readonly id: string;
  readonly label: string | null;
  readonly similarity: number;
}

interface Added {
  readonly id: string;
  readonly status: string;
  readonly copy_of?: Copy;
}

interface Page {
  readonly groups: readonly (Omit<Copy, 'similarity'> & { readonly copies: readonly Copy[] })[];
  readonly next_cursor?: string;
}

async function add(name: string, body: BodyInit | object, query = ''): Promise<readonly Added[]> {
  const answer = await ask(app, PARTS, 'POST', `/v1/collections/${name}/items${query}`, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return (answer.body.results as { result: Added }[]).map(({ result }) => result);
}

async function page(name: string, query = ''): Promise<Page> {
  const answer = await ask(app, PARTS, 'GET', `/v1/collections/${name}/duplicates${query}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body as unknown as Page;
}

/** All pages. @param between called after each. */
async function pages(name: string, limit: number, between = async () => {}): Promise<readonly Page[]> {
  const all: Page[] = [];
  for (let cursor: string | undefined; all.length === 0 || cursor !== undefined; ) {
    const one = await page(name, `?limit=${limit}${cursor === undefined ? '' : `&cursor=${cursor}`}`);
    all.push(one);
    cursor = one.next_cursor;
    await between();
  }
  return all;
}

/** Each copy with its original, in the order of the answer. */
function pairs(all: readonly Page[]): readonly (readonly [copy: string, original: string])[] {
  return all.flatMap(({ groups }) =>
    groups.flatMap(({ id, copies }) => copies.map((copy) => [copy.id, id] as const)),
  );
}

/** An item without a picture. Two of one kind have a cosine of 0.99 with this spread. */
function item(kind: number, example: number, id: string, label?: string) {
  const vector = base64Of(embedding(kind, example, 0.1));
  return { embedding: vector, id, ...(label === undefined ? {} : { label }) };
}

describe('an item that is added', () => {
  it('says which item before it it is a copy of', async () => {
    const name = await made(app, PARTS);
    const [first] = await add(name, CROSSWORD, '?id=first&label=puzzle');
    expect(first).not.toHaveProperty('copy_of');
    const [web] = await add(name, WEB, '?id=web');
    expect(web).not.toHaveProperty('copy_of');
    const [second] = await add(name, CROSSWORD_AGAIN, '?id=second');
    expect(second?.copy_of).toEqual({ id: 'first', label: 'puzzle', similarity: expect.any(Number) });
    expect(second?.copy_of?.similarity).toBeGreaterThan(0.7);
    // The nearest is the second, which has the same file; the original is the first one.
    const [third] = await add(name, CROSSWORD_AGAIN, '?id=third');
    expect(third?.copy_of?.id).toBe('first');
    await ask(app, PARTS, 'DELETE', `/v1/collections/${name}/items/first`);
    const [fourth] = await add(name, CROSSWORD_AGAIN, '?id=fourth');
    expect(fourth?.copy_of).toEqual({ id: 'second', label: null, similarity: expect.closeTo(1, 3) });
  });

  it('counts those before it in the same call, and says the same when it comes again', async () => {
    const name = await made(app, PARTS);
    const list = [item(1, 0, 'a', 'one'), item(2, 0, 'b'), item(1, 1, 'c'), item(1, 2, 'd')];
    const originals = async () => {
      const added = await add(name, { items: list });
      return added.map(({ id, copy_of }) => [id, copy_of?.id]);
    };
    const expected = [
      ['a', undefined],
      ['b', undefined],
      ['c', 'a'],
      ['d', 'a'],
    ];
    expect(await originals()).toEqual(expected);
    // If it counted as a copy of what was added after it, a caller who deletes copies would delete all of them.
    expect(await originals()).toEqual(expected);
    // Another picture under an existing id.
    expect(await add(name, item(2, 1, 'c'))).toMatchObject([{ status: 'replaced', copy_of: { id: 'b' } }]);
    expect(await add(name, item(3, 1, 'a'))).toEqual([
      expect.not.objectContaining({ copy_of: expect.anything() }),
    ]);
    expect(await add(name, item(1, 3, 'e'))).toMatchObject([{ copy_of: { id: 'd' } }]);
  });

  it('says nothing where nobody wants to know, and refuses what is no flag', async () => {
    const name = await made(app, PARTS);
    await add(name, item(1, 0, 'a'));
    for (const [body, query] of [
      [item(1, 1, 'b'), '?copies=false'],
      [{ items: [{ ...item(1, 1, 'c'), copies: false }] }, ''],
    ] as const)
      expect((await add(name, body, query))[0]).not.toHaveProperty('copy_of');
    const form = new FormData();
    form.append('copies', 'False');
    form.append('image', new Blob([CROSSWORD]));
    form.append('image', new Blob([CROSSWORD_AGAIN]));
    for (const added of await add(name, form)) expect(added).not.toHaveProperty('copy_of');
    const refused = await ask(app, PARTS, 'POST', `/v1/collections/${name}/items?copies=maybe`, CROSSWORD);
    expect(refused).toMatchObject({ status: 400, body: { code: 'option_invalid' } });
  });

  it('says it in lines too, each after those that are kept before it', async () => {
    const name = await made(app, PARTS);
    const response = await app.request(`/v1/collections/${name}/items`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${PARTS}`,
        'content-type': 'application/json',
        accept: 'application/x-ndjson',
      },
      body: JSON.stringify({ items: [item(1, 0, 'a'), item(1, 1, 'b')] }),
    });
    const lines = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).result.copy_of?.id);
    expect(lines).toEqual([undefined, 'a']);
  });
});

describe('duplicates', () => {
  it('tells each copy once, with its original, however it is paged and whatever changes meanwhile', async () => {
    const name = await made(app, PARTS);
    // Seven kinds in turn, of which every third item has no copy.
    const list = Array.from({ length: 40 }, (_, i) =>
      i % 3 === 0 ? item(100 + i, 0, `${i}`) : item(i % 7, i, `${i}`, `kind-${i % 7}`),
    );
    await teach(app, PARTS, name, list);
    const expected = list.flatMap((_, i) => {
      if (i % 3 === 0) return [];
      const first = list.findIndex((__, j) => j % 3 !== 0 && j % 7 === i % 7);
      return first === i ? [] : [[`${i}`, `${first}`] as const];
    });
    expect(pairs(await pages(name, 1000)).toSorted()).toEqual(expected.toSorted());
    const one = await pages(name, 1);
    expect(pairs(one)).toEqual(expected);
    // One more item follows the last copy.
    expect(one).toHaveLength(expected.length + 1);
    const [{ groups } = { groups: [] }] = await pages(name, 1000);
    expect(groups[0]).toMatchObject({ id: '1', label: 'kind-1' });
    expect(groups[0]?.copies[0]).toMatchObject({ id: '8', label: 'kind-1' });
    for (const { copies } of groups)
      for (const { similarity } of copies) expect(similarity).toBeGreaterThan(0.98);

    // A copy added meanwhile comes last, and a deleted one is missing.
    let turn = 0;
    const changing = await pages(name, 5, async () => {
      if (turn++ > 0) return;
      await add(name, item(2, 99, 'late'));
      await ask(app, PARTS, 'DELETE', `/v1/collections/${name}/items/38`);
    });
    expect(pairs(changing)).toEqual([...expected.filter(([copy]) => copy !== '38'), ['late', '2']]);
  });

  it('ends a page where it has cost enough, though nothing was found', async () => {
    const name = await made(app, PARTS);
    const list = Array.from({ length: 510 }, (_, i) => ({ ...item(200 + i, 0, `${i}`), copies: false }));
    await teach(app, PARTS, name, [...list, { ...item(200, 1, 'copy'), copies: false }]);
    const all = await pages(name, 100);
    expect(all).toHaveLength(2);
    expect(all[0]?.groups).toEqual([]);
    expect(all[1]?.groups).toMatchObject([{ id: '0', copies: [{ id: 'copy' }] }]);
  });

  it('is the owner’s alone, and takes no cursor but its own', async () => {
    const name = await made(app, PARTS, true);
    for (const key of [READER, LOADER])
      expect(await ask(app, key, 'GET', `/v1/collections/parts%2F${name}/duplicates`)).toMatchObject({
        status: 404,
        body: { code: 'collection_unknown' },
      });
    expect(await page(name)).toEqual({ groups: [], collection: { name, version: expect.any(Number) } });
    for (const query of ['cursor=-', 'limit=0', 'limit=1001'])
      expect(await ask(app, PARTS, 'GET', `/v1/collections/${name}/duplicates?${query}`)).toMatchObject({
        status: 400,
        body: { code: 'option_invalid' },
      });
  });
});
