/**
 * `npm run eval -- [own | copies] <folder of pictures>`: installs what `bench/accuracy` needs and runs it.
 *
 * @usage bench/accuracy/eval.ts
 * @usage bench/accuracy/own.ts
 * @usage bench/copies.ts
 */
import './help.mjs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { install } from './install.mjs';
import { endChildrenOnSignal, run } from './process.mjs';
import { nodeBinary, PROJECT } from './toolchain.mjs';

const folder = path.join(PROJECT, 'bench', 'accuracy');

/**
 * Arguments for Node to run each program but the first. The one for copies imports the Worker's own code, with its
 * wasm. To name a folder `own` or `copies`, write `./own`.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const OTHERS = {
  own: [path.join(folder, 'own.ts')],
  copies: [
    ...['--import', pathToFileURL(path.join(PROJECT, 'bench', 'wasm-import.ts')).href],
    path.join(PROJECT, 'bench', 'copies.ts'),
  ],
};

/** Some ten thousand pictures at a tenth of a second each. */
const ACCURACY_MS = 3_600_000;

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function accuracy(args) {
  if (!(await install()) || !(await install(folder))) return 1;
  // Paths are relative to the caller's folder: npm changes to the root of the package and keeps that folder in
  // INIT_CWD.
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const [first = '', ...rest] = args;
  const other = OTHERS[first];
  const program = other ? [...other, ...rest] : [path.join(folder, 'eval.ts'), ...args];
  const command = { command: nodeBinary(), args: ['--disable-warning=ExperimentalWarning', ...program] };
  return run(command, { cwd, timeoutMs: ACCURACY_MS });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  endChildrenOnSignal();
  process.exitCode = await accuracy(process.argv.slice(2));
}
