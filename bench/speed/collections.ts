/** What collections cost, in multiples of one warm request with a 640×480 JPEG to the same Worker. */
import { firstAnswer, type Server, startWorkerd } from '../workerd.ts';
import type { Effort } from './effort.ts';
import { drawnPictures, type Picture } from './pictures.ts';
import { mib, type Table, withSpread } from './report.ts';
import { cpuOf } from './requests.ts';
import { type Bundles, classify } from './servers.ts';
import { ratio, type Spread } from './statistics.ts';
import type { CollectionFacts, CollectionQuestion } from './workers/collections.ts';

const WARM_UP_REQUESTS = 100;
const REQUESTS_IN_A_BLOCK = 10;

const TRAININGS: readonly CollectionQuestion[] = [
  { classes: 5, each: 10 },
  { classes: 20, each: 50 },
  { classes: 100, each: 20 },
  { classes: 200, each: 25 },
];

/** Items, and how many such searches make one of the whole. */
const SEARCHES = [
  { name: '1,000', items: 1_000, shards: 1 },
  { name: '10,000', items: 10_000, shards: 1 },
  { name: '100,000', items: 100_000, shards: 1 },
  { name: '1,000,000 in 17 shards', items: 58_824, shards: 17 },
];

/** For more of them exact search takes minutes. */
const MOST_FOR_RECALL = 20_000;
/** Of the items for recall: pictures of one thing. */
const ALIKE = 20;

export async function collections({ parts }: Bundles, { curveRounds }: Effort): Promise<readonly Table[]> {
  const [picture] = await drawnPictures();
  if (picture === undefined) throw new Error('no picture is drawn');
  const server = await startWorkerd(parts);
  try {
    await firstAnswer(server.url);
    for (let i = 0; i < WARM_UP_REQUESTS; i++) await classify(`${server.url}/v1/classify`, picture);
    const bench = { server, picture, rounds: curveRounds };
    // First, while the memory of the kernels is no larger than each of them makes it.
    return [await trainingTable(bench), await searchTable(bench)];
  } finally {
    await server.stop();
  }
}

interface Bench {
  readonly server: Server;
  readonly picture: Picture;
  readonly rounds: number;
}

async function trainingTable(bench: Bench): Promise<Table> {
  const rows: string[][] = [];
  for (const question of TRAININGS) {
    await ask(bench.server, 'examples', question);
    const facts = await ask(bench.server, 'train', question);
    const training = await multiples(bench, 'train', 1);
    const head = await multiples(bench, 'head', 500);
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

async function searchTable(bench: Bench): Promise<Table> {
  const rows: string[][] = [];
  for (const { name, items, shards } of SEARCHES) {
    const classes = Math.floor(Math.min(items, MOST_FOR_RECALL) / ALIKE);
    await ask(bench.server, 'examples', { classes, each: ALIKE });
    const { recall = Number.NaN } = await ask(bench.server, 'recall', { classes, each: ALIKE });
    await ask(bench.server, 'rows', { classes: items, each: 1 });
    const search = await multiples(bench, 'search', Math.max(2, Math.round(200_000 / items)));
    rows.push([
      name,
      withSpread(search, 2),
      shards === 1 ? withSpread(search, 2) : withSpread(scaled(search, shards), 2),
      mib(128 * items),
      `${(100 * recall).toFixed(1)} (of ${(classes * ALIKE).toLocaleString('en')})`,
    ]);
  }
  return {
    title: 'Search in collections',
    about: `As above. Bits lie in memory, 128 bytes an item, and 128 candidates are ranked by their vectors, which lie in rows: 1,024 bytes an item and 8 of the perceptual hash.`,
    head: ['items', 'requests, in the slowest shard', 'in sum', 'bits MiB', 'recall@10 %'],
    rows,
    notes: [
      'What is not in it: reading the candidates’ vectors from SQLite, and asking the object. Recall is that of made vectors in twenties that are alike.',
    ],
  };
}

/** CPU time of a part in multiples of a request, in turns with requests. */
async function multiples({ server, picture, rounds }: Bench, part: string, times: number): Promise<Spread> {
  const [own, requests]: [number[], number[]] = [[], []];
  const nothing = { classes: 0, each: 0 };
  await ask(server, part, nothing, times);
  for (let round = 0; round < rounds; round++) {
    own.push((await cpuOf(server, () => ask(server, part, nothing, times))) / times);
    const block = await cpuOf(server, async () => {
      for (let i = 0; i < REQUESTS_IN_A_BLOCK; i++) await classify(`${server.url}/v1/classify`, picture);
    });
    requests.push(block / REQUESTS_IN_A_BLOCK);
  }
  return ratio(own, requests);
}

function scaled({ median, low, high }: Spread, by: number): Spread {
  return { median: by * median, low: by * low, high: by * high };
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
