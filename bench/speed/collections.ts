/** The cost of collections, in multiples of one warm request with a 640×480 JPEG to the same Worker. */
import { firstAnswer, type Server, startWorkerd } from '../workerd.ts';
import { copiesTable } from './collection-copies.ts';
import { searchTable } from './collection-objects.ts';
import type { Effort } from './effort.ts';
import { type Bench, multiples } from './multiples.ts';
import { drawnPictures } from './pictures.ts';
import { mib, type Table, withSpread } from './report.ts';
import { type Bundles, classify } from './servers.ts';
import type { CollectionFacts, CollectionQuestion } from './workers/collections.ts';

const WARM_UP_REQUESTS = 100;
/** Answers per measurement. */
const HEADS = 500;

const TRAININGS: readonly CollectionQuestion[] = [
  { classes: 5, each: 10 },
  { classes: 20, each: 50 },
  { classes: 100, each: 20 },
  { classes: 200, each: 25 },
];

export async function collections(
  { parts }: Bundles,
  { curveRounds, mostItems }: Effort,
): Promise<readonly Table[]> {
  const [picture] = await drawnPictures();
  if (picture === undefined) throw new Error('no picture is drawn');
  const server = await startWorkerd(parts, { objects: { COLLECTIONS: 'Collection' } });
  try {
    await firstAnswer(server.url);
    for (let i = 0; i < WARM_UP_REQUESTS; i++) await classify(`${server.url}/v1/classify`, picture);
    const bench = { server, picture, rounds: curveRounds };
    // Training first, while each size of collection still determines the memory of the kernels.
    const training = await trainingTable(bench);
    const search = await searchTable(bench, mostItems);
    return [training, search, await copiesTable(bench, mostItems)];
  } finally {
    await server.stop();
  }
}

async function trainingTable(bench: Bench): Promise<Table> {
  const rows: string[][] = [];
  for (const question of TRAININGS) {
    await ask(bench.server, 'examples', question);
    const facts = await ask(bench.server, 'train', question);
    const nothing = { classes: 0, each: 0 };
    const training = await multiples(bench, () => ask(bench.server, 'train', nothing));
    const head = await multiples(bench, () => ask(bench.server, 'head', nothing, HEADS), HEADS);
    rows.push([
      `${question.classes} × ${question.each}`,
      withSpread(training, 1),
      mib(facts.kernelBytes),
      mib(4 * question.classes ** 2 * question.each),
      mib(facts.headBytes),
      `${(100 * head.median).toFixed(2)} (${(100 * head.low).toFixed(2)}–${(100 * head.high).toFixed(2)})`,
    ]);
  }
  return {
    title: 'Own classes',
    about: `In workerd; CPU time in multiples of one warm request with a JPEG of 640×480, which is not cached, ${bench.rounds} rounds in turns. Training includes leaving each example out. The kernels' memory is that of one isolate so far, and stays.`,
    head: [
      'classes × examples',
      'training, requests',
      'kernels MiB',
      'scores MiB',
      'head MiB',
      'answer by the head, % of a request',
    ],
    rows,
  };
}

async function ask(
  { url }: Server,
  part: string,
  question: CollectionQuestion,
  times = 1,
): Promise<CollectionFacts> {
  const response = await fetch(`${url}/bench/collections/${part}?times=${times}`, {
    method: 'POST',
    body: JSON.stringify(question),
  });
  if (!response.ok) throw new Error(`the part ${part}: status ${response.status} ${await response.text()}`);
  return (await response.json()) as CollectionFacts;
}
