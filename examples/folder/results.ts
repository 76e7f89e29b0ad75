/**
 * The file of results: a line for each picture, appended as soon as it is known. Pictures in it are not sent again.
 */
import { appendFile, readFile, truncate } from 'node:fs/promises';
import { classTable } from './class-table.ts';
import { collectionTable } from './collection-table.ts';
import { csv } from './csv.ts';
import { ndjson } from './ndjson.ts';
import type { Outcome } from './outcome.ts';

/** How lines are written and read. */
export interface Format {
  /** Written at the beginning of a new file. */
  readonly head: string;
  line(outcome: Outcome): string;
  /** @returns the outcomes in complete lines. @throws if the file was not written by this program. */
  known(text: string): Known[];
}

/** A file from an earlier run, and its tags, general to specific: undefined if it was refused. */
export interface Known {
  readonly file: string;
  readonly tags: readonly string[] | undefined;
}

export interface Results {
  /** By file. */
  readonly known: ReadonlyMap<string, Known>;
  append(outcome: Outcome): Promise<void>;
}

/** @param collection whose labels are used; undefined means the network's own classes. */
export function formatOf(file: string, topK: number, collection: string | undefined): Format {
  if (file.endsWith('.csv'))
    return csv(collection === undefined ? classTable(topK) : collectionTable(topK, collection));
  if (/\.(ndjson|jsonl)$/.test(file)) return ndjson(collection);
  throw new Error(`${file} should end in .csv, .ndjson or .jsonl: that says what is written.`);
}

/** @throws if the file exists and holds something else. */
export async function openResults(file: string, format: Format): Promise<Results> {
  const text = await textOf(file);
  // A line that was cut off by an interruption is written again.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) await truncate(file, Buffer.byteLength(whole));
  if (whole === '') await appendFile(file, format.head);
  const lines = whole === '' ? [] : format.known(whole);
  const known = new Map(lines.map((line) => [line.file, line]));
  // One after the other, because otherwise parts of lines could mix.
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
