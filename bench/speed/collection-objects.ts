/** Search in collections of 1,000 to a million items, through the real objects with their databases. */
import { type Bench, multipleOf, multiples } from './multiples.ts';
import { mib, type Table, withSpread } from './report.ts';
import type { ObjectsFacts, ObjectsQuestion } from './workers/object-facts.ts';

export const SIZES: readonly (ObjectsQuestion & { readonly name: string })[] = [
  { name: '1,000', items: 1000, shards: 1 },
  { name: '10,000', items: 10_000, shards: 1 },
  { name: '100,000', items: 100_000, shards: 1 },
  { name: '1,000,000 in 17 shards', items: 1_000_000, shards: 17 },
];

/** The default of `SEARCH_MEMORY_BYTES`, which bounds what an isolate holds. */
const BUDGET = 16 * 2 ** 20;

/** Items that one call adds; on a slow machine it is answered within a minute. */
const ITEMS_OF_A_CALL = 10_000;

/** Searches per measurement, so that a few milliseconds of garbage collection weigh little. */
const MOST_AT_ONCE = 20;
const LEAST_AT_ONCE = 2;
const ITEMS_AT_ONCE = 400_000;

export async function searchTable(bench: Bench, mostItems: number): Promise<Table> {
  const rows: string[][] = [];
  for (const size of SIZES.filter(({ items }) => items <= mostItems)) {
    const row = await rowOf(bench, size);
    // A million items take half an hour on a busy machine.
    console.error(row.join(' | '));
    rows.push(row);
  }
  return {
    title: 'Search in collections',
    about: `Through the real objects in one workerd; CPU time of the process in multiples of one warm request with a JPEG of 640×480, ${bench.rounds} rounds in turns, with all calls, rows and rankings. “In memory”: as if each object had an isolate of its own. “In one isolate”: with ${mib(BUDGET)} MiB for all objects together, the default. “Without”: nothing is held, and written blocks are read. “First”: the first search ever, which makes the bits of all items.`,
    head: [
      'items',
      'in memory',
      'of it the largest shard',
      'in one isolate',
      'without',
      'first',
      'held MiB',
      'database, bytes an item',
      'recall@10 %',
    ],
    rows,
    notes: ['Vectors are made, in twenties that are as near each other as photos of one thing.'],
  };
}

async function rowOf(bench: Bench, { name, ...size }: (typeof SIZES)[number]): Promise<string[]> {
  const { items, shards } = size;
  const run = (part: string, more: Partial<ObjectsQuestion> = {}, times = 1) =>
    ask(bench, part, { ...size, ...more }, times);
  await run('make');
  for (let from = 0; from < items; from += ITEMS_OF_A_CALL) {
    await run('fill', { from, until: Math.min(items, from + ITEMS_OF_A_CALL) });
  }
  const first = await multipleOf(bench, () => run('search'));
  const times = Math.max(LEAST_AT_ONCE, Math.min(MOST_AT_ONCE, Math.floor(ITEMS_AT_ONCE / items)));
  const inMemory = await multiples(bench, () => run('search', {}, times), times);
  const { heldBytes } = await run('search');
  const largest = shards === 1 ? inMemory : await multiples(bench, () => run('shard', {}, times), times);
  const without = await multiples(bench, () => run('search', { budget: 0 }, LEAST_AT_ONCE), LEAST_AT_ONCE);
  const inIsolate = await multiples(bench, () => run('search', { budget: BUDGET }, times), times);
  const { recall = Number.NaN } = await run('recall');
  const { databaseBytes = Number.NaN } = await run('size');
  // So that the next collection has the memory to itself.
  await run('search', { budget: 0 });
  return [
    name,
    withSpread(inMemory, 2),
    withSpread(largest, 2),
    withSpread(inIsolate, 2),
    withSpread(without, 2),
    first.toFixed(1),
    mib(heldBytes),
    (databaseBytes / items).toFixed(0),
    (100 * recall).toFixed(1),
  ];
}

export async function ask(
  { server }: Bench,
  part: string,
  question: ObjectsQuestion,
  times: number,
): Promise<ObjectsFacts> {
  const response = await fetch(`${server.url}/bench/objects/${part}?times=${times}`, {
    method: 'POST',
    body: JSON.stringify(question),
  });
  if (!response.ok) throw new Error(`${part}: status ${response.status} ${await response.text()}`);
  return (await response.json()) as ObjectsFacts;
}
