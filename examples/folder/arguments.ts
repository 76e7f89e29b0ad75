/** The arguments of `npm run classify`. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { USAGE } from './usage.mjs';

export interface Arguments {
  readonly folder: string;
  readonly url: string;
  readonly key: string | undefined;
  readonly output: string;
  readonly topK: number;
  /** The collection whose labels are used. Undefined means the network's own classes. */
  readonly collection: string | undefined;
  /** Whether to write feature vectors instead of labels. */
  readonly embed: boolean;
  /** Whether to shrink pictures before they are sent. */
  readonly shrink: boolean;
  /** Concurrent requests. */
  readonly batches: number;
  /** Folder to sort pictures into, if any. */
  readonly sortInto: string | undefined;
}

/** @throws with a text for people. */
export function readArguments(argv: readonly string[], environment: NodeJS.ProcessEnv): Arguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      output: { type: 'string' },
      'top-k': { type: 'string', default: '1' },
      collection: { type: 'string' },
      embed: { type: 'boolean', default: false },
      shrink: { type: 'boolean', default: false },
      batches: { type: 'string', default: '4' },
      'sort-into': { type: 'string' },
    },
  });
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) throw new Error(`Give one folder.\n\n${USAGE}`);
  if (values.url === undefined) throw new Error('Give --url.');
  const sortInto = values['sort-into'];
  if (sortInto !== undefined && isWithin(folder, sortInto)) {
    throw new Error(
      `--sort-into ${sortInto} lies in ${folder}: the next run would take the sorted pictures for new ones.`,
    );
  }
  const { collection, embed, shrink, output = defaultOutput(embed, collection) } = values;
  if (embed && collection !== undefined)
    throw new Error(
      '--embed writes vectors, which are the same for every collection: leave one of both out.',
    );
  if (embed && output.endsWith('.csv'))
    throw new Error('--embed writes .ndjson: a vector does not fit into a CSV row.');
  if (embed && sortInto !== undefined)
    throw new Error('--sort-into needs tags, which --embed does not give.');
  return {
    folder,
    url: values.url,
    key: environment.MOBILENET_EDGE_KEY,
    output,
    topK: whole('--top-k', values['top-k'], 1000),
    collection,
    embed,
    shrink,
    batches: whole('--batches', values.batches, 64),
    sortInto,
  };
}

/** A file for each collection, so that none is continued with another's labels. */
function defaultOutput(embed: boolean, collection: string | undefined): string {
  if (embed) return 'embeddings.ndjson';
  return collection === undefined ? 'labels.csv' : `labels-${collection.replaceAll('/', '-')}.csv`;
}

function isWithin(folder: string, other: string): boolean {
  const [first] = path.relative(folder, other).split(path.sep);
  return first !== '..' && !path.isAbsolute(path.relative(folder, other));
}

function whole(name: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Error(`${name} must be a whole number from 1 to ${most}, not ${text}.`);
}
