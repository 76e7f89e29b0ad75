/** The cost of finding copies, in the collections that were searched before. */
import { ask, SIZES } from './collection-objects.ts';
import { type Bench, multiples } from './multiples.ts';
import { type Table, withSpread } from './report.ts';
import type { ObjectsQuestion } from './workers/object-facts.ts';

const ADDED_AT_ONCE = 20;

export async function copiesTable(bench: Bench, mostItems: number): Promise<Table> {
  const rows: string[][] = [];
  for (const { name, ...size } of SIZES.filter(({ items }) => items <= mostItems)) {
    const run = (part: string, more: Partial<ObjectsQuestion> = {}, times = 1) =>
      ask(bench, part, { ...size, ...more }, times);
    const adding = (copies: boolean) =>
      multiples(bench, () => run('add', { copies }, ADDED_AT_ONCE), ADDED_AT_ONCE);
    const without = await adding(false);
    const telling = await adding(true);
    const page = await multiples(bench, () => run('duplicates'));
    const { part = Number.NaN } = await run('duplicates');
    rows.push([name, withSpread(without, 3), withSpread(telling, 3), withSpread(page, 1), String(part)]);
  }
  return {
    title: 'Copies in collections',
    about:
      'As above, in memory. An item is added by its embedding, one a call, without and with the look for the item that it is a copy of; then a page of duplicates.',
    head: ['items', 'adding one', 'and telling copies', 'a page of duplicates', 'items it looks at'],
    rows,
  };
}
