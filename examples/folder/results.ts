/**
 * The file of results: a line for each picture, appended as soon as it is known. What is in it is not asked again.
 */
import { appendFile, readFile, truncate } from 'node:fs/promises';
import { classTable } from './class-table.ts';
import { collectionTable } from './collection-table.ts';
import { csv } from './csv.ts';
import { ndjson } from './ndjson.ts';
import type { Outcome } from './outcome.ts';

/** How lines are written and read. */
export interface Format {
  /** Written first into a new file. */
  readonly head: string;
  line(outcome: Outcome): string;
  /** @returns what whole lines say. @throws when it is another file than this program writes. */
  known(text: string): Known[];
}

/** A file that was asked for before, and its tags, general to special: undefined where it was refused. */
export interface Known {
  readonly file: string;
  readonly tags: readonly string[] | undefined;
}

export interface Results {
  /** By file. */
  readonly known: ReadonlyMap<string, Known>;
  append(outcome: Outcome): Promise<void>;
}

/** @param collection whose labels are asked for; undefined is the network's own classes. */
export function formatOf(file: string, topK: number, collection: string | undefined): Format {
  if (file.endsWith('.csv'))
    return csv(collection === undefined ? classTable(topK) : collectionTable(topK, collection));
  if (/\.(ndjson|jsonl)$/.test(file)) return ndjson(collection);
  throw new Error(`${file} should end in .csv, .ndjson or .jsonl: that says what is written.`);
}

/** @throws when the file is there and holds something else. */
export async function openResults(file: string, format: Format): Promise<Results> {
  const text = await textOf(file);
  // A break in the middle of a line: the line is written again.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) await truncate(file, Buffer.byteLength(whole));
  if (whole === '') await appendFile(file, format.head);
  const lines = whole === '' ? [] : format.known(whole);
  const known = new Map(lines.map((line) => [line.file, line]));
  // One after the other, or parts of lines could mix.
  let last: Promise<void> = Promise.resolve();
  return {
    known,
    append(outcome) {
      last = last.then(() => appendFile(file, format.line(outcome)));
      return last;
    },
  };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
