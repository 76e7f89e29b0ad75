/** The arguments of `npm run teach`. */
import { parseArgs } from 'node:util';

export const USAGE = `npm run teach -- FOLDER --name NAME [options]

Adds the pictures of a folder of folders to a collection, with the name of the folder as the label. Run it again and it
resumes where it stopped, and adds what is new.

  --name NAME        the collection: a–z, 0–9 and "-"; it is made if it does not exist
  --url URL          the service (http://localhost:8787, where npm start has it)
  --connections N    concurrent requests (2)

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
  if (folder === undefined || others.length > 0) throw new Error(`Give one folder.\n\n${USAGE}`);
  if (values.name === undefined) throw new Error(`Give --name.\n\n${USAGE}`);
  const connections = Number(values.connections);
  if (!Number.isInteger(connections) || connections < 1 || connections > 16)
    throw new Error(`--connections must be a whole number from 1 to 16, not ${values.connections}.`);
  return {
    folder,
    name: values.name,
    url: values.url.replace(/\/$/, ''),
    key: environment.MOBILENET_EDGE_KEY,
    connections,
  };
}
