/** NDJSON: a line for each picture, with the file and the service's answer or error. */
import { folderOf, requireCollection } from './of-collection.ts';
import type { Outcome } from './outcome.ts';
import type { Format, Known } from './results.ts';

/** @param collection whose labels are used; undefined for none. */
export function ndjson(collection: string | undefined): Format {
  return {
    head: '',

    line(outcome: Outcome) {
      const { file, ...rest } = 'answer' in outcome ? { file: outcome.file, ...outcome.answer } : outcome;
      return `${JSON.stringify({ file, ...rest })}\n`;
    },

    known(text) {
      return text
        .trimEnd()
        .split('\n')
        .map((line) => {
          const value: unknown = JSON.parse(line);
          if (typeof value !== 'object' || value === null || !('file' in value)) {
            throw new Error('It holds other lines than this program writes. Name another file.');
          }
          // As `line` has written it.
          return { file: String(value.file), tags: tagsOf(value as Line, collection) };
        });
    },
  };
}

/** The part of a line that is read again. */
interface Line {
  readonly error?: unknown;
  readonly tags?: readonly { readonly name: string }[];
  readonly collection?: { readonly name: string };
  readonly unknown?: boolean;
  readonly predictions?: readonly { readonly label: string }[];
}

function tagsOf(line: Line, collection: string | undefined): Known['tags'] {
  if (line.error !== undefined) return undefined;
  requireCollection(collection, line.collection?.name);
  if (line.unknown !== undefined)
    return folderOf({ unknown: line.unknown, label: line.predictions?.[0]?.label });
  return line.tags?.map(({ name }) => name);
}
