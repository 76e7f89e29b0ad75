/**
 * How often a running Worker is right on labelled photos: its classes, alone or compared with the float32 network, and
 * its groups and tags.
 */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { temporaryWorker } from '../../scripts/dev-server.mjs';
import { endChildrenOnSignal } from '../../scripts/process.mjs';
import { labelledPhotos, type Photo } from './photos.ts';
import { mapWithProgress } from './progress.ts';
import { createReference } from './reference.ts';
import {
  filterTable,
  levelTable,
  pairLine,
  pathTable,
  reliabilityData,
  reliabilityTable,
  row,
  scoreLine,
} from './report.ts';
import { objections, pair, score } from './score.ts';
import { differing, filters, levels, paths, photosOf, reliability } from './tags.ts';
import { type Tables, treeOf } from './tree.ts';
import { type Answer, askWorker, tablesOf, type WorkerAnswer } from './worker.ts';

const USAGE = `npm run eval -- <folder> [options]

  <folder>          photos named like n01440764_tench.JPEG
  --url             a running Worker (default: one is started; API_KEY in the environment is sent along)
  --reference       the float32 network as ONNX, run natively on the same photos
  --json            write what the model card repeats to this file
  --limit           only the first so many photos
  --concurrency     requests at a time (2)`;

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  const [folder] = positionals;
  if (values.help || folder === undefined || positionals.length > 1) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const photos = labelledPhotos(folder, values.limit ? atLeastOne('limit', values.limit) : undefined);

  const worker = await classify(photos, atLeastOne('concurrency', values.concurrency), values.url);
  const workerScore = score(photos, worker.results);
  console.log(scoreLine('Worker', workerScore, worker.seconds));
  const complaints = errorsOf(photos, worker.results);
  const rows = [row('this Worker, in workerd', workerScore)];
  const tags = evaluateTags(photos, worker.results, worker.tables);
  complaints.push(...tags.complaints);

  if (values.reference) {
    const ask = await createReference(values.reference);
    const reference = await mapWithProgress('Reference', photos, 1, ({ file }) => ask(file));
    const referenceScore = score(photos, reference.results);
    const pairing = pair(photos, worker.results, reference.results);
    console.log(scoreLine('Reference', referenceScore, reference.seconds));
    console.log(pairLine(workerScore, pairing));
    complaints.push(...objections(workerScore, referenceScore, pairing));
    rows.push(row('float32 in native ONNX Runtime, photos decoded by libvips', referenceScore));
  }
  if (values.json)
    writeFileSync(
      values.json,
      `${JSON.stringify({ accuracy: rows, reliability: tags.reliability }, null, 2)}\n`,
    );
  for (const complaint of complaints) console.error(complaint);
  return complaints.length === 0 ? 0 : 1;
}

/** Asks the Worker at `url`, or one that is started for the question. */
async function classify(photos: readonly Photo[], concurrency: number, url: string | undefined) {
  const ask = async (at: string) => ({
    tables: await tablesOf(at),
    ...(await mapWithProgress('Worker', photos, concurrency, ({ file }) => askWorker(at, file))),
  });
  if (url) return ask(url);
  endChildrenOnSignal();
  // A photo that occurs twice is classified twice.
  const worker = await temporaryWorker(['--var', 'CACHE_SECONDS:0']);
  try {
    return await ask(worker.url);
  } finally {
    await worker.close();
  }
}

/** Prints how often groups and tags are right. */
function evaluateTags(photos: readonly Photo[], answers: readonly WorkerAnswer[], tables: Tables) {
  const tree = treeOf(tables);
  const seen = answers.flatMap((answer, i) => {
    const label = tree.classOf.get(photos[i]?.synset ?? '');
    return 'whole' in answer && label !== undefined ? [{ answer: answer.whole, label }] : [];
  });
  const tagged = photosOf(seen, tree);
  const bins = reliability(tagged, tree);
  console.log(`\nGroups by level\n\n${levelTable(levels(tagged, tree))}`);
  console.log(`\nTags\n\n${pathTable(paths(tagged, tree), tagged.length)}`);
  console.log(`\nA group as a filter, score ≥ 0.5\n\n${filterTable(filters(tagged, tree))}`);
  console.log(`\nScore and how often it is right\n\n${reliabilityTable(bins)}\n`);
  const different = differing(tagged, tree);
  return {
    reliability: reliabilityData(bins, tagged.length),
    complaints:
      different > 0 ? [`${different} photos have other tags than the scores of their classes make.`] : [],
  };
}

function errorsOf(photos: readonly Photo[], answers: readonly Answer[]): string[] {
  return answers.flatMap((answer, i) => ('error' in answer ? [`${photos[i]?.file}: ${answer.error}`] : []));
}

function readArguments() {
  return parseArgs({
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      reference: { type: 'string' },
      json: { type: 'string' },
      limit: { type: 'string' },
      concurrency: { type: 'string', default: '2' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

function atLeastOne(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`--${name} must be a whole number of at least 1, not ${text}`);
  return value;
}
