/** Copies in a collection with shards, over HTTP, with the real objects. */
import { describe, expect, it } from 'vitest';
import { shardOf } from '../../src/collections/shard-of.ts';
import { service } from '../service.ts';
import { ask, base64Of, embedding, freshName, KEYS, PARTS } from './teaching.ts';

const app = service(KEYS);
const SHARDS = 3;
const KINDS = 5;

interface Page {
  readonly groups: readonly { readonly id: string; readonly copies: readonly { readonly id: string }[] }[];
  readonly next_cursor?: string;
}

interface Added {
  readonly id: string;
  readonly copy_of?: { readonly id: string; readonly label: string; readonly similarity: number };
}

async function made(): Promise<string> {
  const name = freshName();
  const { status } = await ask(app, PARTS, 'PUT', `/v1/collections/${name}`, { shards: SHARDS });
  expect(status).toBe(201);
  return name;
}

/** Adds one item of each kind. Two of a kind are copies. */
async function add(name: string, round: number, copies = true): Promise<readonly Added[]> {
  const items = Array.from({ length: KINDS }, (_, kind) => ({
    embedding: base64Of(embedding(kind, round, 0.1)),
    id: `${kind}/${round}`,
    label: `kind-${kind}`,
    copies,
  }));
  const answer = await ask(app, PARTS, 'POST', `/v1/collections/${name}/items`, { items });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return (answer.body.results as { result: Added }[]).map(({ result }) => result);
}

async function pairs(name: string, limit: number): Promise<[string, string][]> {
  const all: [string, string][] = [];
  for (let cursor = ''; ; ) {
    const answer = await ask(app, PARTS, 'GET', `/v1/collections/${name}/duplicates?limit=${limit}${cursor}`);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    const page = answer.body as unknown as Page;
    for (const { id, copies } of page.groups) for (const copy of copies) all.push([copy.id, id]);
    if (page.next_cursor === undefined) return all;
    cursor = `&cursor=${page.next_cursor}`;
  }
}

describe('copies in shards', () => {
  it('are told of an older item in any of them, on adding and when all are listed', async () => {
    const name = await made();
    for (const one of await add(name, 0)) expect(one).not.toHaveProperty('copy_of');
    const told: [string, string][] = [];
    // Every shard has copies, and every shard has originals.
    for (let round = 1; round < 6; round++)
      for (const { id, copy_of } of await add(name, round)) told.push([id, copy_of?.id ?? 'none']);
    const expected = told.map(([id]): [string, string] => [id, `${id.split('/')[0]}/0`]);
    expect(told).toEqual(expected);
    expect(new Set(told.map(([id]) => shardOf(id, SHARDS))).size).toBe(SHARDS);
    expect(told.some(([id, original]) => shardOf(id, SHARDS) !== shardOf(original, SHARDS))).toBe(true);
    for (const limit of [1, 4, 1000])
      expect((await pairs(name, limit)).toSorted()).toEqual(expected.toSorted());

    // A repeated request gets the same answer, and a request with `copies=false` gets none.
    expect((await add(name, 3)).map(({ copy_of }) => copy_of?.id)).toEqual(
      Array.from({ length: KINDS }, (_, kind) => `${kind}/0`),
    );
    for (const one of await add(name, 7, false)) expect(one).not.toHaveProperty('copy_of');
  });

  it('are told of one of two that are added in one call', async () => {
    const name = await made();
    const items = Array.from({ length: 8 }, (_, i) => ({
      embedding: base64Of(embedding(1, i, 0.1)),
      id: `${i}`,
    }));
    const originals = async () => {
      const { body } = await ask(app, PARTS, 'POST', `/v1/collections/${name}/items`, { items });
      return (body.results as { result: Added }[]).map(({ result }) => result.copy_of?.id);
    };
    const first = await originals();
    const [original] = items.filter((_, i) => first[i] === undefined).map(({ id }) => id);
    expect(first.filter((id) => id === undefined)).toHaveLength(1);
    expect(new Set(first.filter((id) => id !== undefined))).toEqual(new Set([original]));
    expect(await originals()).toEqual(first);
  });
});
