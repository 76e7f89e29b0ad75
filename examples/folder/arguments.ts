/** What `npm run classify` is asked to do. */
import path from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `npm run classify -- FOLDER [options]

Asks what is in each picture of a folder, and of those below it. Started again, it goes on where it stopped.

  --url URL          the service; without it the Worker is started on this machine
  --output FILE      .csv or .ndjson (labels.csv)
  --top-k N          predictions of each picture (1)
  --connections N    pictures on their way at once (4)
  --sort-into DIR    also link each picture into folders by its tags, as DIR/animal/dog; copy it where a
                     link is not possible. Nothing is moved, overwritten or deleted

A key is read from the environment: MOBILENET_EDGE_KEY.`;

export interface Arguments {
  readonly folder: string;
  readonly url: string;
  readonly key: string | undefined;
  readonly output: string;
  readonly topK: number;
  readonly connections: number;
  /** Where pictures are sorted into, if they are. */
  readonly sortInto: string | undefined;
}

/** @throws with a text for people. */
export function readArguments(argv: readonly string[], environment: NodeJS.ProcessEnv): Arguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      output: { type: 'string', default: 'labels.csv' },
      'top-k': { type: 'string', default: '1' },
      connections: { type: 'string', default: '4' },
      'sort-into': { type: 'string' },
    },
  });
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) throw new Error(`One folder is wanted.\n\n${USAGE}`);
  if (values.url === undefined) throw new Error('--url is wanted.');
  const sortInto = values['sort-into'];
  if (sortInto !== undefined && isWithin(folder, sortInto)) {
    throw new Error(
      `--sort-into ${sortInto} lies in ${folder}: the next run would take what is there for new pictures.`,
    );
  }
  return {
    folder,
    url: values.url,
    key: environment.MOBILENET_EDGE_KEY,
    output: values.output,
    topK: whole('--top-k', values['top-k'], 1000),
    connections: whole('--connections', values.connections, 64),
    sortInto,
  };
}

function isWithin(folder: string, other: string): boolean {
  const [first] = path.relative(folder, other).split(path.sep);
  return first !== '..' && !path.isAbsolute(path.relative(folder, other));
}

function whole(name: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Error(`${name} wants a whole number from 1 to ${most}, not ${text}.`);
}
