/** Teaches a set of pictures to a collection and asks about others, over several splits. */
import { readFile } from 'node:fs/promises';
import type { Client } from '../../client/client.ts';
import { auroc } from './auroc.ts';
import { mapWithProgress } from './progress.ts';

export interface Embedded {
  readonly file: string;
  readonly label: string;
  readonly embedding: Float32Array;
}

export interface Trial {
  readonly name: string;
  readonly pictures: readonly Embedded[];
  /** Files of pictures that show none of its classes. */
  readonly strangers: readonly string[];
  readonly client: Client;
  readonly repeats: number;
}

/** Means over the splits, in per cent. */
export interface OwnRow {
  readonly set: string;
  readonly classes: number;
  readonly picturesEach: number;
  readonly right: number;
  /** Standard deviation between the splits. */
  readonly spread: number;
  /** The collection's own estimate, given from five pictures a class on. */
  readonly leaveOneOut?: number;
  readonly unknown?: UnknownRow;
}

/** With half of the classes taught. Per cent. */
export interface UnknownRow {
  /** Share of other pictures of the taught classes that are not called unknown. */
  readonly kept: number;
  readonly strangersAuroc: number;
  readonly strangersPassed: number;
  /** The same for classes that were not taught, which are similar things. */
  readonly alikeAuroc: number;
  readonly alikePassed: number;
}

const PICTURES_EACH = [1, 5, 10, 20];

/** Pictures per class with which `unknown` is measured. */
const UNKNOWN_AT = [5, 20];

/** Pictures of a class that are classified. */
const ASKED_EACH = 20;
const MOST_ALIKE = 100;

interface Split {
  readonly taught: readonly Embedded[];
  readonly asked: readonly Embedded[];
}

interface Answer {
  readonly label: string | undefined;
  readonly similarity: number;
  readonly unknown: boolean;
}

export async function evaluate({ name, pictures, strangers, client, repeats }: Trial): Promise<OwnRow[]> {
  const labels = [...new Set(pictures.map(({ label }) => label))];
  const rows: OwnRow[] = [];
  for (const picturesEach of PICTURES_EACH) {
    const rights: number[] = [];
    const said: number[] = [];
    const unknowns: UnknownRow[] = [];
    const { results } = await mapWithProgress(
      `${name}, ${picturesEach} a class`,
      Array.from({ length: repeats }, (_, i) => i),
      1,
      async (repeat) => {
        const random = randoms(1000 * picturesEach + repeat);
        const split = splitOf(pictures, labels, picturesEach, random);
        const { accuracy, answers } = await taughtAndAsked(client, split);
        rights.push(share(answers, ({ label }, i) => label === split.asked[i]?.label));
        if (accuracy !== undefined) said.push(accuracy);
        if (!UNKNOWN_AT.includes(picturesEach)) return;
        const known = shuffled(labels, random).slice(0, Math.ceil(labels.length / 2));
        unknowns.push(await unknownOf(client, pictures, known, picturesEach, strangers, random));
      },
    );
    if (results.length !== repeats) throw new Error('a split is missing');
    rows.push({
      set: name,
      classes: labels.length,
      picturesEach,
      right: 100 * mean(rights),
      spread: 100 * Math.sqrt(mean(rights.map((right) => (right - mean(rights)) ** 2))),
      ...(said.length > 0 && { leaveOneOut: 100 * mean(said) }),
      ...(unknowns.length > 0 && { unknown: meanRow(unknowns) }),
    });
  }
  return rows;
}

async function unknownOf(
  client: Client,
  pictures: readonly Embedded[],
  known: readonly string[],
  picturesEach: number,
  strangers: readonly string[],
  random: () => number,
): Promise<UnknownRow> {
  const split = splitOf(pictures, known, picturesEach, random);
  const others = pictures.filter(({ label }) => !known.includes(label));
  const alike = shuffled(others, random).slice(0, MOST_ALIKE);
  const files = [...split.asked, ...alike].map(({ file }) => file);
  const { answers } = await taughtAndAsked(client, split, [...files, ...strangers]);
  const [kept, likeThem, unlike] = [
    answers.slice(0, split.asked.length),
    answers.slice(split.asked.length, files.length),
    answers.slice(files.length),
  ];
  const similarities = (some: readonly Answer[]) => some.map(({ similarity }) => similarity);
  const passed = (some: readonly Answer[]) => 100 * share(some, ({ unknown }) => !unknown);
  return {
    kept: passed(kept),
    strangersAuroc: 100 * auroc(similarities(kept), similarities(unlike)),
    strangersPassed: passed(unlike),
    alikeAuroc: 100 * auroc(similarities(kept), similarities(likeThem)),
    alikePassed: passed(likeThem),
  };
}

/** Teaches pictures to a new collection and classifies others. */
async function taughtAndAsked(
  client: Client,
  { taught, asked }: Split,
  files: readonly string[] = asked.map(({ file }) => file),
) {
  const collection = client.collection(`eval-own-${process.pid}`);
  await collection.make();
  try {
    const { batch } = await client.limits();
    for (let from = 0; from < taught.length; from += batch.max_items) {
      const some = taught.slice(from, from + batch.max_items);
      const added = await collection.addEmbeddings(
        some.map(({ file, label, embedding }) => ({ id: `${label}/${file.slice(-150)}`, label, embedding })),
      );
      const wrong = added.find((one) => !one.ok);
      if (wrong && !wrong.ok) throw new Error(wrong.problem.detail);
    }
    const { accuracy, version } = await collection.train();
    const answers: Answer[] = [];
    for await (const item of collection.batch(read(files), { top_k: 1, collection_version: version })) {
      if (!item.ok) throw new Error(`${files[item.index]}: ${item.problem.detail}`);
      const { predictions, similarity, unknown } = item.result;
      answers.push({ label: predictions[0]?.label, similarity, unknown });
    }
    return { accuracy: accuracy?.value, answers };
  } finally {
    await collection.delete();
  }
}

async function* read(files: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const file of files) yield readFile(file);
}

function splitOf(
  pictures: readonly Embedded[],
  labels: readonly string[],
  picturesEach: number,
  random: () => number,
): Split {
  const split = { taught: [] as Embedded[], asked: [] as Embedded[] };
  for (const label of labels) {
    const own = shuffled(
      pictures.filter((picture) => picture.label === label),
      random,
    );
    if (own.length < picturesEach + ASKED_EACH / 4)
      throw new Error(
        `${label} has ${own.length} pictures, too few to show ${picturesEach} and ask about others`,
      );
    split.taught.push(...own.slice(0, picturesEach));
    split.asked.push(...own.slice(picturesEach, picturesEach + ASKED_EACH));
  }
  return split;
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const keyed = list.map((value) => ({ value, key: random() }));
  return keyed.sort((one, other) => one.key - other.key).map(({ value }) => value);
}

/** Pseudo-random numbers from a seed, uniform in [0, 1): a linear congruential generator with Knuth's constants. */
function randoms(seed: number): () => number {
  let state = BigInt(seed);
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number(state >> 11n) / 2 ** 53;
  };
}

function meanRow(rows: readonly UnknownRow[]): UnknownRow {
  const of = (name: keyof UnknownRow) => mean(rows.map((row) => row[name]));
  return {
    kept: of('kept'),
    strangersAuroc: of('strangersAuroc'),
    strangersPassed: of('strangersPassed'),
    alikeAuroc: of('alikeAuroc'),
    alikePassed: of('alikePassed'),
  };
}

function share<T>(list: readonly T[], is: (value: T, i: number) => boolean): number {
  return list.filter(is).length / list.length;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
