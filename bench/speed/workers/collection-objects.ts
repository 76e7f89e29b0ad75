/**
 * Searches collections through their real objects, as often as requested. Vectors are generated, the same in each run.
 */
import { Collection } from '../../../src/collections/collection.ts';
import { partOf } from '../../../src/collections/duplicates.ts';
import type { NewItem } from '../../../src/collections/item.ts';
import { createItems, type Items } from '../../../src/collections/items.ts';
import { makeCollection } from '../../../src/collections/making.ts';
import { createObjects, type Objects } from '../../../src/collections/objects.ts';
import { heldBytes } from '../../../src/collections/resident-bits.ts';
import { shardOf } from '../../../src/collections/shard-of.ts';
import { createShards } from '../../../src/collections/shards.ts';
import { cosine, DIMENSIONS, unitVector } from '../../../src/collections/vectors.ts';
import type { Result } from '../../../src/failure.ts';
import type { ObjectsFacts, ObjectsQuestion } from './object-facts.ts';

type Namespace = DurableObjectNamespace<MeasuredCollection>;
type Part = (
  at: Place,
  question: ObjectsQuestion,
  times: number,
) => Promise<Partial<ObjectsFacts> | undefined>;

interface Place {
  readonly objects: Objects;
  readonly items: Items;
  readonly namespace: Namespace;
  readonly reference: { readonly owner: string; readonly name: string };
}

const OWNER = 'bench';
const QUOTAS = { collections: 1000, items: 1_000_000, labels: 200, labelledItems: 5000 };
const PATIENCE_MS = 600_000;
const ROWS_AT_ONCE = 500;

/** Vectors of one thing are as similar as photos of it, with cosines of 0.3 to 0.5. */
const ALIKE = 20;
const NOISE = 1.2;
const BEST = 10;
const RECALL_QUESTIONS = 20;
/** As if each object had its own isolate. */
const NEARLY_ALL = 2 ** 30;

const MOST_DUPLICATES = 1000;

/** Counts all runs so far, so that each question is new. */
let addedItems = 0;

export class MeasuredCollection extends Collection {
  databaseBytes(): number {
    return this.ctx.storage.sql.databaseSize;
  }
}

export const OBJECT_PARTS: Readonly<Record<string, Part>> = {
  async make({ objects, reference }, { shards }) {
    must(await makeCollection(objects, reference, { shards }));
    return undefined;
  },
  async fill({ items, reference }, { from = 0, until = 0 }) {
    for (let row = from; row < until; row += ROWS_AT_ONCE) {
      const count = Math.min(ROWS_AT_ONCE, until - row);
      const rows = Array.from({ length: count }, (_, i): NewItem => itemOf(row + i));
      must(await items.add(reference, OWNER, rows));
    }
    return undefined;
  },
  /** For all objects of the collection. */
  async size({ objects, reference, namespace }, { shards }) {
    const { owner, name } = reference;
    const own = await namespace.getByName(`collection/${owner}/${name}`).databaseBytes();
    if (shards === 1) return { databaseBytes: own };
    const { epoch } = must(await objects.ofCollection(reference, (object) => object.facts(OWNER)));
    const all = await Promise.all(
      Array.from({ length: shards }, (_, shard) =>
        namespace.getByName(`shard/${owner}/${name}/${epoch}/${shard}`).databaseBytes(),
      ),
    );
    return { databaseBytes: all.reduce((sum, bytes) => sum + bytes, own) };
  },
  async search({ items, reference }, { items: count }, times) {
    for (let i = 0; i < times; i++) must(await items.search(reference, OWNER, queryOf((i * 7919) % count)));
    return undefined;
  },
  /** Only the shard with the most items. */
  async shard({ objects, reference }, { items: count, shards, budget = NEARLY_ALL }, times) {
    const { epoch } = must(await objects.ofCollection(reference, (object) => object.facts(OWNER)));
    largest ??= largestOf(count, shards);
    const { shard } = largest;
    for (let i = 0; i < times; i++)
      must(
        await objects.ofShard({ ...reference, epoch, shard }, (object) =>
          object.search(OWNER, queryOf((i * 7919) % count), budget),
        ),
      );
    return { largest: largest.items };
  },
  /** Adds one new item per call, unlike any stored one. */
  async add({ items, reference }, { items: count, copies = false }, times) {
    for (let i = 0; i < times; i++)
      must(await items.add(reference, OWNER, [{ ...itemOf(count + ALIKE * ++addedItems), copies }]));
    return undefined;
  },
  /** A page from the middle on. */
  async duplicates({ items, reference }, { items: count, shards }, times) {
    const after = shards === 1 ? Math.floor(count / 2) : 0;
    for (let i = 0; i < times; i++)
      must(await items.duplicates(reference, OWNER, { after, limit: MOST_DUPLICATES }));
    return { part: partOf(count / shards) };
  },
  async recall({ items, reference }, { items: count }) {
    const asked = Array.from({ length: RECALL_QUESTIONS }, (_, i) =>
      Math.floor(((i + 0.5) * count) / RECALL_QUESTIONS),
    );
    const exact = exactBest(asked, count);
    let found = 0;
    for (const [i, row] of asked.entries()) {
      const { value } = must(await items.search(reference, OWNER, queryOf(row)));
      found += value.filter(({ id }) => exact[i]?.has(id)).length;
    }
    return { recall: found / (BEST * RECALL_QUESTIONS) };
  },
};

export async function objectsPart(request: Request, namespace: Namespace, part: string): Promise<Response> {
  const work = OBJECT_PARTS[part];
  if (work === undefined) return new Response(null, { status: 404 });
  const question = (await request.json()) as ObjectsQuestion;
  const objects = createObjects(namespace, PATIENCE_MS);
  const items = createItems(createShards(objects), QUOTAS, question.budget ?? NEARLY_ALL);
  const reference = { owner: OWNER, name: `c${question.items}-${question.shards}` };
  const times = Number(new URL(request.url).searchParams.get('times') ?? 1);
  const facts = await work({ objects, items, namespace, reference }, question, times);
  return Response.json({ ...facts, heldBytes: heldBytes() } satisfies ObjectsFacts);
}

/**
 * Computed once, because the cost of a million hashes is not what is measured. All collections with shards here have
 * the same size.
 */
let largest: { readonly shard: number; readonly items: number } | undefined;

function largestOf(count: number, shards: number) {
  const counts = new Array<number>(shards).fill(0);
  for (let row = 0; row < count; row++) {
    const shard = shardOf(idOf(row), shards);
    counts[shard] = (counts[shard] ?? 0) + 1;
  }
  const items = Math.max(...counts);
  return { shard: counts.indexOf(items), items };
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

function idOf(row: number): string {
  return `item-${row}`;
}

function itemOf(row: number): NewItem {
  return { id: idOf(row), vector: vectorOf(row), copies: false };
}

function queryOf(row: number) {
  return { embedding: Float32Array.from(vectorOf(row)), limit: BEST, minSimilarity: -1 };
}

/** @param asked rows. @returns ids of the ten nearest of each, including itself. */
function exactBest(asked: readonly number[], count: number): ReadonlySet<string>[] {
  const units = asked.map((row) => unitVector(vectorOf(row)));
  const best = asked.map((): { row: number; near: number }[] => []);
  for (let row = 0; row < count; row++) {
    const vector = vectorOf(row);
    for (const [i, unit] of units.entries()) {
      const near = cosine(unit, vector);
      const ten = best[i] ?? [];
      if (ten.length === BEST && near <= (ten.at(-1)?.near ?? 0)) continue;
      ten.push({ row, near });
      ten.sort((one, other) => other.near - one.near);
      ten.length = Math.min(ten.length, BEST);
    }
  }
  return best.map((ten) => new Set(ten.map(({ row }) => idOf(row))));
}

const centre = new Float32Array(DIMENSIONS);
let centreOf = -1;

function vectorOf(row: number): Int8Array {
  const kind = Math.floor(row / ALIKE);
  if (kind !== centreOf) {
    const next = integers(kind * 2 + 1);
    for (let d = 0; d < DIMENSIONS; d++) centre[d] = peaked(next);
    centreOf = kind;
  }
  const next = integers(row * 2 + 2);
  const vector = new Int8Array(DIMENSIONS);
  for (let d = 0; d < DIMENSIONS; d++) {
    const value = 4 * ((centre[d] as number) + NOISE * peaked(next));
    vector[d] = Math.max(-127, Math.min(127, Math.round(value)));
  }
  return vector;
}

/** The third power makes few numbers large, as in an embedding. */
function peaked(next: () => number): number {
  return (next() / 2 ** 31) ** 3 * 10;
}

/** Marsaglia's xorshift, signed 32 bits; the seed is mixed first. */
function integers(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  };
  for (let i = 0; i < 4; i++) next();
  return next;
}
