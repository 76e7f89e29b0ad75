/**
 * The result file of a chunk, which several consumers may write at once, because messages are delivered at least once.
 *
 * It is written as a whole and only over the version that the writer has read, so no writer removes another's line. Two
 * consumers compute the same result for a picture.
 */
import type { Bucket, WriteOptions } from './bucket.ts';
import { RESULT_METADATA } from './inputs.ts';
import { type Line, linesOf } from './result-line.ts';

/** Concurrent consumers of one chunk; each makes the others read again. */
const MAX_TRIES = 10;

/** A file as it was read; without a version, there was none. */
export interface ResultFile {
  readonly lines: ReadonlyMap<string, Line>;
  readonly version: string | undefined;
}

export const NO_FILE: ResultFile = { lines: new Map(), version: undefined };

export async function readResults(bucket: Bucket, key: string): Promise<ResultFile> {
  const object = await bucket.get(key);
  if (object === null) return NO_FILE;
  const lines = linesOf(await object.text());
  return { lines: new Map(lines.map((line) => [line.key, line])), version: object.etag };
}

/**
 * Adds lines to a file. A result is never replaced by an error.
 *
 * @param keys of all pictures of the chunk, in the order of the file's lines.
 * @param before the file when the work began.
 * @param drop whether errors in it that are not among the new lines are removed, because they are tried again.
 * @returns the lines that the file has now.
 */
export async function writeResults(
  bucket: Bucket,
  key: string,
  keys: readonly string[],
  added: ReadonlyMap<string, Line>,
  before: ResultFile,
  drop: boolean,
): Promise<readonly Line[]> {
  let file = before;
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const lines = keys.flatMap((picture) => merged(file.lines.get(picture), added.get(picture), drop) ?? []);
    const written = await bucket.put(key, lines.map(({ text }) => text).join(''), {
      onlyIf: conditionOf(file),
      customMetadata: RESULT_METADATA,
      httpMetadata: { contentType: 'application/x-ndjson' },
    });
    if (written !== null) return lines;
    file = await readResults(bucket, key);
  }
  throw new Error(`${key} was written by others ${MAX_TRIES} times`);
}

function merged(was: Line | undefined, is: Line | undefined, drop: boolean): Line | undefined {
  if (is !== undefined) return is.isError && was !== undefined && !was.isError ? was : is;
  return drop && was?.isError ? undefined : was;
}

function conditionOf({ version }: ResultFile): NonNullable<WriteOptions['onlyIf']> {
  return version === undefined ? new Headers({ 'if-none-match': '*' }) : { etagMatches: version };
}
