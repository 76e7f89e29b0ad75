/**
 * Whether copies of pictures are found: each picture of a folder is edited in ten ways and searched for among the
 * originals. Embeddings and hashes come from the Worker's own code, in Node.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { createClassifier } from '../src/classifier.ts';
import { allBitsOf, bitsOf } from '../src/collections/bits.ts';
import { copyScore, isCopy, NEAR_BITS } from '../src/collections/copies.ts';
import { candidatesOf } from '../src/collections/search.ts';
import { cosine, DIMENSIONS, storedVector, unitVector } from '../src/collections/vectors.ts';
import { createDecoder } from '../src/image/decode.ts';
import { createNetwork } from '../src/inference/network.ts';
import { picturesBelow } from './accuracy/class-folders.ts';
import { table } from './accuracy/report.ts';
import { EDITS, edited } from './edits.ts';

const USAGE = `npm run eval -- copies <folder> [options]

  <folder>          pictures that are no copies of each other
  --limit           only the first so many
  --originals       no edits: only which of the pictures are taken for copies of each other
  --json            write the figures to this file`;

interface Kept {
  readonly vector: Int8Array;
  readonly bits: Uint8Array;
  readonly fingerprint: Uint8Array;
}

/** Counts of pictures, except for the cosines. */
interface Row {
  readonly edit: string;
  readonly pictures: number;
  /** Closer to their own original than to any other picture: by cosine, and by cosine and hash. */
  readonly firstByCosine: number;
  readonly first: number;
  /** Recognised as copies of their own original. */
  readonly told: number;
  /** Pairs with another original that are taken for copies. */
  readonly wrong: number;
  readonly cosines: readonly number[];
  /** Number of bits in which recognised copies differ from their original: the range that a search must cover. */
  readonly toldBits: readonly number[];
}

const classifier = createClassifier(createDecoder(), createNetwork());

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      limit: { type: 'string' },
      originals: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [folder] = positionals;
  if (values.help || folder === undefined || positionals.length > 1) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const files = picturesBelow(path.resolve(folder)).slice(0, values.limit ? Number(values.limit) : undefined);
  if (files.length < 2) throw new Error(`${folder} has fewer than two pictures`);

  const originals = await keptOfAll('originals', files, async (file) => readFileSync(file));
  const rows: Row[] = [];
  for (const edit of values.originals ? [] : Object.keys(EDITS)) {
    const copies = await keptOfAll(edit, files, (file) => edited(file, edit));
    rows.push(rowOf(edit, originals, copies));
  }
  if (!values.originals) report(rows, originals);
  reportOriginals(originals);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
  return 0;
}

async function keptOfAll(
  what: string,
  files: readonly string[],
  read: (file: string) => Promise<Uint8Array>,
): Promise<Kept[]> {
  console.error(`${what}: ${files.length} pictures`);
  const kept: Kept[] = [];
  for (const file of files) kept.push(await keptOf(await read(file)));
  return kept;
}

async function keptOf(file: Uint8Array): Promise<Kept> {
  const seen = await classifier.see(file);
  if (!seen.ok) throw new Error(JSON.stringify(seen.failure));
  const vector = storedVector(seen.value.embedding);
  return { vector, bits: bitsOf(vector), fingerprint: seen.value.fingerprint };
}

function rowOf(edit: string, originals: readonly Kept[], copies: readonly Kept[]): Row {
  let [firstByCosine, first, told, wrong] = [0, 0, 0, 0];
  const cosines: number[] = [];
  const toldBits: number[] = [];
  for (const [i, copy] of copies.entries()) {
    const unit = unitVector(copy.vector);
    const pairs = originals.map((original) => {
      const similarity = cosine(unit, original.vector);
      return {
        similarity,
        score: copyScore(similarity, copy.fingerprint, original.fingerprint),
        isCopy: isCopy(similarity, copy.fingerprint, original.fingerprint),
        bits: differingBits(copy.bits, original.bits),
      };
    });
    const own = pairs[i];
    const others = pairs.filter((_, j) => j !== i);
    if (own === undefined) continue;
    cosines.push(own.similarity);
    if (others.every(({ similarity }) => similarity < own.similarity)) firstByCosine++;
    if (others.every(({ score }) => score < own.score)) first++;
    if (own.isCopy) {
      told++;
      toldBits.push(own.bits);
    }
    wrong += others.filter((pair) => pair.isCopy).length;
  }
  return { edit, pictures: copies.length, firstByCosine, first, told, wrong, cosines, toldBits };
}

function report(rows: readonly Row[], originals: readonly Kept[]): void {
  const sum = (of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0);
  const pictures = sum((row) => row.pictures);
  const whole: Row = {
    edit: '**all**',
    pictures,
    firstByCosine: sum((row) => row.firstByCosine),
    first: sum((row) => row.first),
    told: sum((row) => row.told),
    wrong: sum((row) => row.wrong),
    cosines: rows.flatMap(({ cosines }) => cosines),
    toldBits: rows.flatMap(({ toldBits }) => toldBits),
  };
  const head = ['edit', 'found first by cosine %', 'by both %', 'told as a copy %', 'cosine: 5 %', 'half'];
  console.log(
    table(
      head,
      [...rows, whole].map((row) => [
        row.edit,
        percent(row.firstByCosine, row.pictures),
        percent(row.first, row.pictures),
        percent(row.told, row.pictures),
        ...[0.05, 0.5].map((share) => quantile(row.cosines, share)),
      ]),
    ),
  );
  const f1 = (2 * whole.told) / (whole.told + whole.wrong + pictures);
  const others = pictures * (originals.length - 1);
  console.log(
    `\nF1 ${(100 * f1).toFixed(1)} %: ${whole.told} of ${pictures} copies told, and ${whole.wrong} of ${others} pairs with other pictures taken for copies.`,
  );
  console.log(
    `Of those told ${percent(near(whole.toldBits), whole.told)} % differ from their original in at most ${NEAR_BITS} of 1024 bits, which are those that are looked at.`,
  );
}

/** Similarity of two different pictures. */
function reportOriginals(originals: readonly Kept[]): void {
  let taken = 0;
  const bits = originals.flatMap((one, i) =>
    originals.slice(0, i).map((other) => differingBits(one.bits, other.bits)),
  );
  const cosines = originals.flatMap((one, i) => {
    const unit = unitVector(one.vector);
    return originals.slice(0, i).map((other) => {
      const similarity = cosine(unit, other.vector);
      if (isCopy(similarity, one.fingerprint, other.fingerprint)) taken++;
      return similarity;
    });
  });
  const quantiles = [0.05, 0.5, 0.95, 1].map((share) => quantile(cosines, share));
  console.log(
    `Cosines of two of the originals: 5 % below ${quantiles[0]}, half below ${quantiles[1]}, 95 % below ${quantiles[2]}, the highest ${quantiles[3]}. Of ${cosines.length} pairs ${taken} are taken for copies.`,
  );
  console.log(`Of the pairs ${percent(near(bits), bits.length, 2)} % differ in at most ${NEAR_BITS} bits.`);
  console.log(
    `Search by bits finds ${(100 * recallOf(originals)).toFixed(1)} % of the ten nearest to each of ${originals.length}.`,
  );
}

/** Share of the ten nearest by cosine that a search by bits finds, 0–1, per picture. */
function recallOf(originals: readonly Kept[]): number {
  const vectors = new Int8Array(originals.length * DIMENSIONS);
  for (const [i, { vector }] of originals.entries()) vectors.set(vector, i * DIMENSIONS);
  const bits = allBitsOf(vectors);
  let found = 0;
  for (const [own, { vector }] of originals.entries()) {
    const unit = unitVector(vector);
    const near = originals.map((other, i) => ({ i, similarity: cosine(unit, other.vector) }));
    near.sort((one, other) => other.similarity - one.similarity);
    const ten = new Set(
      near
        .filter(({ i }) => i !== own)
        .slice(0, 10)
        .map(({ i }) => i),
    );
    const candidates = candidatesOf(unit);
    candidates.offer(bits, (row) => row);
    found += candidates.positions().filter((position) => ten.has(position)).length;
  }
  return found / (10 * originals.length);
}

/** Out of 1024. */
function differingBits(one: Uint8Array, other: Uint8Array): number {
  let count = 0;
  for (const [i, byte] of one.entries())
    for (let rest = byte ^ (other[i] ?? 0); rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Candidates that are compared when an item's original is sought. */
function near(bits: readonly number[]): number {
  return bits.filter((count) => count <= NEAR_BITS).length;
}

function percent(part: number, whole: number, digits = 1): string {
  return ((100 * part) / whole).toFixed(digits);
}

function quantile(values: readonly number[], share: number): string {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(share * (sorted.length - 1))]?.toFixed(2) ?? '–';
}
