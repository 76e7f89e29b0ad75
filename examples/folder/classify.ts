/**
 * Classifies a folder of pictures with the typed client, with progress, and resumes after an interruption.
 *
 *     npm run classify -- ~/Pictures --url https://classifier.example.com --output labels.csv
 */
import path from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import { createClient, ProblemError } from '../../client/client.ts';
import { readArguments } from './arguments.ts';
import { answersTo } from './asked.ts';
import { folderOf } from './of-collection.ts';
import type { Answer } from './outcome.ts';
import { createPacer } from './pacer.ts';
import { picturesIn } from './pictures.ts';
import { limitsOf, reason } from './reachable.ts';
import { formatOf, openResults } from './results.ts';
import { sortPicture } from './sorted.ts';

/** Allows for a service whose rate limit has periods of a minute. */
const PATIENCE = { retries: 20, maxWait: 90 };

try {
  await classifyFolder();
} catch (error) {
  console.error(error instanceof ProblemError ? error.detail : reason(error));
  process.exitCode = 1;
}

async function classifyFolder(): Promise<void> {
  const given = readArguments(process.argv.slice(2), process.env);
  const { folder, url, key, output, topK, collection, embed, shrink, batches, sortInto } = given;
  const service = { url, ...(key && { key }), ...PATIENCE };
  console.log(`Asking ${url} for its limits.`);
  const limits = await limitsOf(service);
  const wait = createPacer(limits.rate);
  const client = createClient({
    ...service,
    concurrency: batches,
    async fetch(to, init) {
      await new Promise((resolve) => setTimeout(resolve, wait()));
      return fetch(to, init);
    },
  });
  console.log(`Looking for pictures in ${folder}.`);
  const files = await picturesIn(folder);
  const results = await openResults(output, formatOf(output, topK, collection)).catch((error: unknown) => {
    throw new Error(`${output} cannot be continued: ${reason(error)}`, { cause: error });
  });
  const left = files.filter((file) => !results.known.has(file));
  console.log(`${files.length} pictures in ${folder}, ${files.length - left.length} already in ${output}.`);
  const { max_items } = limits.batch;
  const rate = limits.rate
    ? `, ${limits.rate.requests} requests in ${limits.rate.period_seconds} s at most`
    : '';
  if (left.length > 0) {
    const made = shrink ? 'Shrinking and uploading' : 'Uploading';
    console.log(`${made} ${left.length} in batches of up to ${max_items}, ${batches} at once${rate}.`);
  }

  const bar = new SingleBar(
    { format: '{bar} {value}/{total}, {eta_formatted} to go' },
    Presets.shades_classic,
  );
  const failures: string[] = [];
  const unsorted: string[] = [];
  let refused = 0;
  for (const file of files) await sort(file, results.known.get(file)?.tags);
  bar.start(left.length, 0);
  try {
    for await (const answered of answersTo(client, { ...given, files: left })) {
      bar.increment();
      if ('failed' in answered) {
        failures.push(`${answered.file}: ${answered.failed}`);
        continue;
      }
      const { outcome } = answered;
      await results.append(outcome);
      if ('error' in outcome) refused++;
      else await sort(outcome.file, tagsOf(outcome.answer));
    }
  } finally {
    bar.stop();
  }
  const done = left.length - refused - failures.length;
  const what = embed ? 'embedded' : 'classified';
  console.log(`${done} ${what}, ${refused} refused (${output} says why), ${failures.length} failed.`);
  const problems = [...failures, ...unsorted];
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) throw new Error('Run it again to retry these.');

  /** A picture without tags was refused or not yet sent. */
  async function sort(file: string, tags: readonly string[] | undefined): Promise<void> {
    if (sortInto === undefined || tags === undefined) return;
    try {
      await sortPicture(path.join(folder, file), sortInto, tags);
    } catch (error) {
      unsorted.push(`${file} was not sorted: ${reason(error)}`);
    }
  }
}

/** General to specific; undefined for a vector. */
function tagsOf(answer: Answer): readonly string[] | undefined {
  if ('embedding' in answer) return undefined;
  if ('tags' in answer) return answer.tags.map(({ name }) => name);
  return folderOf({ unknown: answer.unknown, label: answer.predictions[0]?.label });
}
