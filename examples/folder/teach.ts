/**
 * Adds a folder of folders to a collection, with progress, and reports how well it tells them apart.
 *
 *     npm run teach -- ~/parts --name parts --url https://classifier.example.com
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import pMap from 'p-map';
import {
  type ClientCollection,
  type CollectionStatus,
  createClient,
  ProblemError,
} from '../../client/client.ts';
import { limitsOf, reason } from './reachable.ts';
import { type Example, examplesIn, labelsIn } from './taught.ts';
import { readTeachArguments, type TeachArguments } from './teach-arguments.ts';

/** Allows for a service whose rate limit has periods of a minute. */
const PATIENCE = { retries: 20, maxWait: 90 };

/** Pictures per request: at most this many are lost when it is interrupted. */
const TOGETHER = 8;

/** Files that are listed for a pair of labels. */
const MOST_FILES = 5;

try {
  await teachFolder(readTeachArguments(process.argv.slice(2), process.env));
} catch (error) {
  console.error(error instanceof ProblemError ? error.detail : reason(error));
  process.exitCode = 1;
}

async function teachFolder({ folder, name, url, key, connections }: TeachArguments): Promise<void> {
  const client = createClient({ url, ...(key && { key }), ...PATIENCE });
  const collection = client.collection(name);
  const { examples, complaints: leftOut } = await examplesIn(folder);
  await limitsOf({ url });
  await collection.make();
  const known = await labelsIn(collection);
  const left = examples.filter(({ id, label }) => known.get(id) !== label);
  console.log(
    `${examples.length} pictures in ${folder}, ${examples.length - left.length} of them already in ${name}.`,
  );

  const complaints = [...leftOut, ...(await addAll(collection, folder, left, connections))];
  const status = await collection.train();
  console.log(`\n${tableOf(status)}`);
  console.log(`\n${confusionOf(status, new Map(examples.map(({ id, file }) => [id, file])))}`);
  console.log(`\nAsk it:\n\n  ${curlOf({ url, name, key })}\n`);
  for (const complaint of complaints) console.error(complaint);
  if (complaints.length > 0) process.exitCode = 1;
}

/** @returns why some could not be added. @throws the reason that would refuse all of them, such as a missing right. */
async function addAll(
  collection: ClientCollection,
  folder: string,
  examples: readonly Example[],
  connections: number,
): Promise<string[]> {
  const bar = new SingleBar(
    { format: '{bar} {value}/{total}, {eta_formatted} to go' },
    Presets.shades_classic,
  );
  const complaints: string[] = [];
  const groups = [...groupsOf(examples)];
  bar.start(examples.length, 0);
  try {
    await pMap(
      groups,
      async (group) => {
        const files = await Promise.all(group.map(({ file }) => readFile(path.join(folder, file))));
        const added = await collection.add(files, { label: group[0]?.label ?? '' });
        for (const item of added) {
          if (!item.ok) complaints.push(`${group[item.index]?.file}: ${item.problem.detail}`);
        }
        bar.increment(group.length);
      },
      { concurrency: connections },
    );
  } finally {
    bar.stop();
  }
  return complaints;
}

/** A few pictures with the same label. */
function* groupsOf(examples: readonly Example[]): Generator<readonly Example[]> {
  for (const label of new Set(examples.map((example) => example.label))) {
    const own = examples.filter((example) => example.label === label);
    for (let from = 0; from < own.length; from += TOGETHER) yield own.slice(from, from + TOGETHER);
  }
}

function tableOf({ labels, accuracy }: CollectionStatus): string {
  const width = Math.max(...labels.map(({ label }) => label.length));
  const lines = labels.map(
    ({ label, count, accuracy: own }) =>
      `${label.padEnd(width)}  ${String(count).padStart(5)} pictures  ${own === undefined ? 'too few to tell' : percent(own)}`,
  );
  const whole =
    accuracy === undefined
      ? 'Accuracy is given from five pictures of each of two labels on.'
      : `${percent(accuracy.value)} of ${accuracy.examples} pictures get their label when they are left out of the examples.`;
  return [...lines, '', whole].join('\n');
}

function confusionOf({ confused }: CollectionStatus, files: ReadonlyMap<string, string>): string {
  if (confused.length === 0) return 'No label is taken for another.';
  const lines = confused.flatMap(({ label, taken_for, count, ids = [] }) => {
    const shown = ids.slice(0, MOST_FILES).map((id) => `    ${files.get(id) ?? `the item ${id}`}`);
    const more = count > shown.length ? [`    and ${count - shown.length} more`] : [];
    return [`  ${label} for ${taken_for}: ${count}`, ...shown, ...more];
  });
  return ['Taken for another label:', ...lines].join('\n');
}

function curlOf({ url, name, key }: Pick<TeachArguments, 'url' | 'name' | 'key'>): string {
  const header = key ? ' -H "Authorization: Bearer $MOBILENET_EDGE_KEY"' : '';
  return `curl --data-binary @photo.jpg${header} '${url}/v1/classify?collection=${name}'`;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
