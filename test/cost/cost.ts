/**
 * Tests the account of time: no request costs more CPU than 1.5 times its account plus a unit, and no ordinary picture
 * less than half of its account. Sends the matrix of kinds, the named files of the fuzzing, mutants, and the pictures
 * of `npm run bombs`.
 *
 * CPU time is that of the whole process, including its compilation and garbage collection. So a request that seems too
 * costly is repeated: other load on the machine comes and goes, a costly request stays costly.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { endChildrenOnSignal } from '../../scripts/process.mjs';
import { BOMBS } from '../bombs/kinds.ts';
import { report } from '../conformance/report.ts';
import { brokenFiles } from '../fuzz/broken.ts';
import { none } from '../fuzz/failures.ts';
import { mutate } from '../fuzz/mutate.ts';
import { randomOf } from '../fuzz/random.ts';
import { drawSeeds } from '../fuzz/seeds.ts';
import { truncatedFiles } from '../fuzz/truncated.ts';
import { nameOf, rowsIn, written } from '../kinds/matrix.ts';
import { wholeNumber } from '../soak/count.ts';
import { type Meter, startMeter } from './meter.ts';

const USAGE = `npm run cost -- [options]

  --count     mutants sent (200)
  --seed      of the mutants (1)
  --folder    where \`npm run kinds -- --folder\` has left the matrix of kinds
  --only      only files in whose name this stands
  --every     only one in so many files of each kind (1)`;

const MOST = { times: 1.5, units: 1 };
const LEAST_TIMES = 0.5;
const ATTEMPTS = 5;
const CALIBRATE_EVERY = 20;
/** Warm-up, so that decoders are compiled. */
const WARM_UP_EVERY = 10;
const SHOWN = 10;
const PROGRESS_EVERY = 100;

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    folder: { type: 'string' },
    only: { type: 'string', default: '' },
    every: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

interface File {
  readonly name: string;
  readonly bytes: Uint8Array;
}

interface Cost {
  readonly name: string;
  readonly status: number;
  readonly units: number;
  readonly accounted: number;
}

if (values.help) console.log(USAGE);
else {
  endChildrenOnSignal();
  const meter = await startMeter();
  try {
    await prove(meter);
  } finally {
    await meter.close();
  }
}

async function prove(meter: Meter): Promise<void> {
  const kinds = await matrix();
  for (const file of kinds.filter((_, i) => i % WARM_UP_EVERY === 0)) await ask(meter, file);
  const ordinary = await costs(meter, kinds);
  const seeds = await drawSeeds();
  const named = [...(await brokenFiles(seeds)), ...truncatedFiles(seeds)];
  const broken = await costs(meter, named);
  const [seed, count] = [wholeNumber('seed', values.seed, 0), wholeNumber('count', values.count, 0)];
  const mutants = Array.from({ length: count }, (_, index): File => {
    const random = randomOf(seed, index);
    const { bytes } = mutate(random.pick(seeds), random.pick(seeds), random);
    return { name: `mutant ${seed}-${index}`, bytes };
  });
  const mutated = await costs(meter, mutants);
  const bombs = await costs(meter, await pictureBombs());
  describe(ordinary);
  describe([...broken, ...mutated, ...bombs]);
  const answered = ordinary.filter(({ status }) => status === 200);
  await report({
    ...(kinds.length === 0
      ? {}
      : {
          [`${ordinary.length} files of every kind: none over ${MOST.times} × its account + ${MOST.units}`]:
            async () => none(ordinary.filter(isOver).map(said)),
          [`${answered.length} of them that are answered: none under ${LEAST_TIMES} × its account`]:
            async () => none(answered.filter(isUnder).map(said)),
          'nearly all of them are answered': async () => assert.ok(answered.length > 0.9 * ordinary.length),
        }),
    [`${broken.length} broken and costly files: none over it`]: async () =>
      none(broken.filter(isOver).map(said)),
    [`${mutated.length} mutants: none over it`]: async () => none(mutated.filter(isOver).map(said)),
    [`${bombs.length} pictures that are made to be costly: none over it`]: async () =>
      none(bombs.filter(isOver).map(said)),
  });
}

/** The pictures of `npm run bombs`, the largest of each kind. */
async function pictureBombs(): Promise<readonly File[]> {
  const files: File[] = [];
  for (const { name, sizes, make, path: to, contentType, coding } of BOMBS) {
    const largest = sizes.at(-1);
    if ((to ?? contentType ?? coding) !== undefined || largest === undefined) continue;
    files.push({ name: `bomb ${name}`, bytes: await make(largest) });
  }
  return files;
}

/** If there is a Python to write it, or it exists already. */
async function matrix(): Promise<readonly File[]> {
  const own = values.folder === undefined && values.python !== undefined;
  const folder = own ? mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-cost-')) : values.folder;
  if (folder === undefined) return [];
  try {
    const rows = own && values.python ? await written(values.python, folder, []) : rowsIn(folder);
    return rows.map((row) => ({ name: nameOf(row), bytes: readFileSync(path.join(folder, row.file)) }));
  } finally {
    if (own) rmSync(folder, { recursive: true, force: true });
  }
}

async function costs(meter: Meter, files: readonly File[]): Promise<readonly Cost[]> {
  const found: Cost[] = [];
  const every = wholeNumber('every', values.every, 1);
  const wanted = files.filter(({ name }, i) => name.includes(values.only) && i % every === 0);
  for (const [i, file] of wanted.entries()) {
    if (i % CALIBRATE_EVERY === 0) await meter.calibrate();
    let cost = await ask(meter, file);
    for (let again = 1; isOver(cost) && again < ATTEMPTS; again++) {
      await meter.calibrate();
      const other = await ask(meter, file);
      if (other.units < cost.units) cost = other;
    }
    found.push(cost);
    if (isOver(cost) || isUnder(cost)) console.log(`  ${said(cost)}`);
    if ((i + 1) % PROGRESS_EVERY === 0) console.log(`${i + 1} of ${wanted.length}`);
  }
  return found;
}

async function ask({ server, units }: Meter, { name, bytes }: File): Promise<Cost> {
  let response: Response | undefined;
  const cost = await units(async () => {
    response = await fetch(`${server.url}/v1/classify`, { method: 'POST', body: Uint8Array.from(bytes) });
    await response.text();
  });
  const accounted = Number(response?.headers.get('x-units'));
  // A request that is refused before a picture is read, such as an empty body, has no account.
  return { name, status: response?.status ?? 0, units: cost, accounted };
}

function isOver({ units, accounted }: Cost): boolean {
  return units > MOST.times * accounted + MOST.units;
}

function isUnder({ status, units, accounted }: Cost): boolean {
  return status === 200 && units < LEAST_TIMES * accounted;
}

function describe(all: readonly Cost[]): void {
  const overBy = ({ units, accounted }: Cost) => units / (MOST.times * accounted + MOST.units);
  const answered = all.filter(({ status }) => status === 200);
  const part = ({ units, accounted }: Cost) => units / accounted;
  const worst = all.toSorted((one, other) => overBy(other) - overBy(one)).slice(0, SHOWN);
  const least = answered.toSorted((one, other) => part(one) - part(other)).slice(0, SHOWN);
  console.log('\nnearest to too much:');
  for (const cost of worst) console.log(`  ${said(cost)}`);
  console.log('least of what was accounted:');
  for (const cost of least) console.log(`  ${said(cost)}`);
}

function said({ name, status, units, accounted }: Cost): string {
  return `${name}: ${units.toFixed(1)} of ${accounted.toFixed(1)} accounted (${status})`;
}
