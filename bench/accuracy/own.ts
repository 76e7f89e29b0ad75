/**
 * How often own classes are right: some pictures of each class are added to a collection of a running Worker, and
 * others are classified. Repeated over several splits, with 1, 5, 10 and 20 pictures a class.
 */
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { createClient } from '../../client/client.ts';
import { temporaryWorker } from '../../scripts/dev-server.mjs';
import { endChildrenOnSignal } from '../../scripts/process.mjs';
import { filesIn, pictureSets } from './class-folders.ts';
import { cosineTable, ownTable } from './own-report.ts';
import { type Embedded, evaluate } from './own-splits.ts';
import { mapWithProgress } from './progress.ts';

const USAGE = `npm run eval -- own <folder> [options]

  <folder>       a folder of pictures for each class, or a folder of such folders
  --strangers    a folder of pictures that are of no class (default: those of the other sets)
  --url          a running Worker that may be taught (default: one is started; API_KEY in the environment is sent along)
  --repeats      how often each set is split anew (5)
  --json         write the figures to this file`;

/** Pictures of other sets serve as strangers; more than this many add nothing. */
const MOST_STRANGERS = 100;

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      strangers: { type: 'string' },
      repeats: { type: 'string', default: '5' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [folder] = positionals;
  if (values.help || folder === undefined || positionals.length > 1) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const repeats = Number(values.repeats);
  if (!Number.isInteger(repeats) || repeats < 1)
    throw new RangeError(`--repeats must be a whole number of at least 1, not ${values.repeats}`);

  endChildrenOnSignal();
  const worker = values.url ? undefined : await temporaryWorker();
  try {
    const rows = await measure(values.url ?? worker?.url ?? '', folder, values.strangers, repeats);
    if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
    return 0;
  } finally {
    await worker?.close();
  }
}

async function measure(url: string, folder: string, strangersIn: string | undefined, repeats: number) {
  const { API_KEY } = process.env;
  const client = createClient({ url, ...(API_KEY ? { key: API_KEY } : {}) });
  const embed = async (file: string) => (await client.embed(await readFile(file))).embedding;
  const sets: { readonly name: string; readonly pictures: readonly Embedded[] }[] = [];
  for (const { name, pictures } of pictureSets(folder)) {
    const { results } = await mapWithProgress(`${name}, embeddings`, pictures, 2, ({ file }) => embed(file));
    sets.push({
      name,
      pictures: pictures.map((picture, i) => ({ ...picture, embedding: results[i] ?? new Float32Array() })),
    });
  }
  console.log(`Cosines of two pictures: 5 %, half and 95 % of the pairs are below\n\n${cosineTable(sets)}\n`);

  const rows = [];
  for (const { name, pictures } of sets) {
    const strangers = strangersIn
      ? filesIn(path.resolve(strangersIn))
      : sets
          .filter((other) => other.name !== name)
          .flatMap((other) => other.pictures.map(({ file }) => file));
    rows.push(
      ...(await evaluate({ name, pictures, strangers: evenly(strangers, MOST_STRANGERS), client, repeats })),
    );
  }
  console.log(ownTable(rows));
  return rows;
}

/** This many, spread over the whole list. */
function evenly<T>(list: readonly T[], most: number): T[] {
  const step = Math.max(1, list.length / most);
  return list.filter((_, i) => Math.floor(i / step) > Math.floor((i - 1) / step));
}
