/** What `npm run teach` is asked to do. */
import { parseArgs } from 'node:util';

export const USAGE = `npm run teach -- FOLDER --name NAME [options]

Shows the pictures of a folder of folders to a collection: each is an example of what its folder is called. Started again,
it goes on where it stopped, and adds what is new.

  --name NAME        the collection: a–z, 0–9 and "-"; it is made where there is none
  --url URL          the service (http://localhost:8787, where npm start has it)
  --connections N    requests at once (2)

A key is read from the environment: MOBILENET_EDGE_KEY.`;

export interface TeachArguments {
  readonly folder: string;
  readonly name: string;
  readonly url: string;
  readonly key: string | undefined;
  readonly connections: number;
}

/** @throws with a text for people. */
export function readTeachArguments(argv: readonly string[], environment: NodeJS.ProcessEnv): TeachArguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      name: { type: 'string' },
      url: { type: 'string', default: 'http://localhost:8787' },
      connections: { type: 'string', default: '2' },
    },
  });
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) throw new Error(`One folder is wanted.\n\n${USAGE}`);
  if (values.name === undefined) throw new Error(`--name is wanted.\n\n${USAGE}`);
  const connections = Number(values.connections);
  if (!Number.isInteger(connections) || connections < 1 || connections > 16)
    throw new Error(`--connections wants a whole number from 1 to 16, not ${values.connections}.`);
  return {
    folder,
    name: values.name,
    url: values.url.replace(/\/$/, ''),
    key: environment.MOBILENET_EDGE_KEY,
    connections,
  };
}
