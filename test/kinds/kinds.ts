/**
 * The matrix of kinds: every kind of file that is read, at every size, by every way that claims to read it, compared
 * with decoders that share nothing with the Worker. `npm run kinds` makes the Python that this needs.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { temporaryWorker } from '../../scripts/dev-server.mjs';
import { endChildrenOnSignal } from '../../scripts/process.mjs';
import { libvips } from '../reference/libvips.ts';
import { pillow } from '../reference/pillow.ts';
import { type Answer, apart, cosine, type Input, inputOf, type Told } from '../reference/worker.ts';
import { createCoverage } from './coverage.ts';
import { embeddingsBy } from './embeddings.ts';
import { nameOf, type Refused, type Row, rowsIn, written } from './matrix.ts';
import { missed } from './mutations.ts';
import { type Oracle, oracle, type Truth } from './truth.ts';
import { unseen } from './values.ts';

const USAGE = `npm run kinds -- [options]

  --format         only this format; may be given more than once
  --only           only rows in whose name this stands
  --folder         keeps the files there; where they are already, they are taken as they are`;

const WORKER = 'test/kinds/worker.ts';
/** Mean difference of the network's input, in levels of 255. */
const MAX_APART = 3;
/** Cosine of the embeddings. */
const MIN_COSINE = 0.99;

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    format: { type: 'string', multiple: true, default: [] },
    only: { type: 'string', default: '' },
    folder: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const { python } = values;
if (python === undefined || values.help) {
  console.error(USAGE);
  process.exit(values.help ? 0 : 2);
}

endChildrenOnSignal();
const folder = values.folder ?? mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-kinds-'));
const references = [pillow(python), libvips];
const worker = await temporaryWorker([WORKER, '--var', 'CACHE_SECONDS:0']);
const coverage = createCoverage();
const embeddingBy = embeddingsBy(worker.url);
try {
  const rows = isWritten(folder) ? rowsIn(folder) : await written(python, folder, values.format);
  const truths = oracle(folder, references);
  for (const row of rows.filter((one) => nameOf(one).includes(values.only))) {
    if (row.refused !== undefined) await say(nameOf(row), () => isRefused(row));
    else await holdRow(row, truths);
  }
  if (values.only === '' && values.format.length === 0) await isWhole();
} finally {
  await worker.close();
  for (const { close } of references) await close();
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
}

/** By the Worker's own choice, and then by each other way that has memory for it. */
async function holdRow(row: Row, truths: Oracle): Promise<void> {
  const name = nameOf(row);
  let truth: Truth | undefined;
  let others: readonly string[] = [];
  await say(name, async () => {
    truth = await truths.truthOf(row);
    assert.deepEqual(missed(truth, MAX_APART), [], 'what would pass for the picture');
    const answer = await ask(row);
    if (answer.ok) others = answer.ways.filter((way) => way !== answer.way);
    await isShown(row, truth, answer);
  });
  for (const way of others) {
    await say(`${name}, by ${way}`, async () => {
      if (truth !== undefined) await isShown(row, truth, await ask(row, way));
    });
  }
}

/**
 * Every kind that header readers distinguish has a row, and every way has a file of each kind that it claims to read.
 */
async function isWhole(): Promise<void> {
  const response = await fetch(`${worker.url}/ways`);
  // As the Worker of the matrix reports it.
  const ways = (await response.json()) as string[];
  await say('every kind that a header tells apart has a row', async () =>
    assert.deepEqual(unseen(coverage.seen), []),
  );
  await say('every way has a row of every kind that it claims to read', async () =>
    assert.deepEqual(coverage.unheld(ways), []),
  );
}

/** One line, as `scripts/counted.mjs` counts them. */
async function say(name: string, check: () => Promise<void>): Promise<void> {
  try {
    await check();
    console.log(`ok ${name}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.log(`FAILED ${name}: ${reason.replaceAll(/\s+/g, ' ').slice(0, 300)}`);
    process.exitCode = 1;
  }
}

/** @param way to be used alone, if given. */
async function ask(row: Row | Refused, way?: string): Promise<Answer<Input> & Told> {
  const answer = await inputOf(worker.url, readFileSync(path.join(folder, row.file)), way);
  coverage.note(row.format, answer);
  return answer;
}

async function isShown(row: Row, truth: Truth, answer: Answer<Input>): Promise<void> {
  if (!answer.ok) assert.fail(`${answer.status} ${answer.code}: ${answer.detail}`);
  const { width, height, orientation, animated } = row;
  const { preview: _, ...image } = answer.image;
  const facts = { format: row.format, width, height, orientation, ...(animated ? { animated } : {}) };
  assert.deepEqual(image, facts, answer.way);
  const difference = apart(answer.input, truth.input);
  const angle = cosine(await embeddingBy(answer.input), await embeddingBy(truth.input));
  assert.ok(
    difference <= MAX_APART && angle >= MIN_COSINE,
    `${answer.way}: the input is ${difference.toFixed(1)} of 255 apart, the cosine ${angle.toFixed(3)}`,
  );
}

async function isRefused(row: Refused): Promise<void> {
  const answer = await ask(row);
  assert.ok(!answer.ok, 'is answered, though it is on the list of refusals');
  assert.equal(answer.code, row.refused, answer.detail);
}

function isWritten(place: string): boolean {
  try {
    return rowsIn(place).length > 0;
  } catch {
    return false;
  }
}
