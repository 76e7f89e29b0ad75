/**
 * `npm run eval -- <folder of photos>`: installs what `bench/accuracy` needs and runs it.
 */
import './help.mjs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { install } from './install.mjs';
import { endChildrenOnSignal, run } from './process.mjs';
import { nodeBinary, PROJECT } from './toolchain.mjs';

const folder = path.join(PROJECT, 'bench', 'accuracy');

/** A thousand photos at a tenth of a second each, several times over. */
const ACCURACY_MS = 600_000;

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function accuracy(args) {
  if (!(await install()) || !(await install(folder))) return 1;
  // Paths are the caller's: npm moves to the root of the package, and keeps where it was called in INIT_CWD.
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const command = { command: nodeBinary(), args: [path.join(folder, 'eval.ts'), ...args] };
  return run(command, { cwd, timeoutMs: ACCURACY_MS });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  endChildrenOnSignal();
  process.exitCode = await accuracy(process.argv.slice(2));
}
