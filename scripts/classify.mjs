/**
 * `npm run classify -- FOLDER [options]`: says what is in each picture of a folder, as CSV or NDJSON. The program is
 * `examples/folder`. Without `--url` it starts the Worker on this machine; with a collection it uses the Worker that
 * already runs here.
 *
 * @usage examples/folder/usage.mjs
 */
import './help.mjs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { USAGE } from '../examples/folder/usage.mjs';
import { temporaryWorker } from './dev-server.mjs';
import { install } from './install.mjs';
import { endChildrenOnSignal, run } from './process.mjs';
import { nodeBinary, PROJECT } from './toolchain.mjs';

/** Where `npm start` runs it. */
const RUNNING = 'http://localhost:8787';

const folder = path.join(PROJECT, 'examples', 'folder');

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function classify(args) {
  if (args.length === 0) {
    console.log(USAGE);
    return 1;
  }
  console.log('Checking the installation.');
  if (!(await install()) || !(await install(folder))) return 1;
  const has = (/** @type {string} */ name) =>
    args.some((argument) => argument === name || argument.startsWith(`${name}=`));
  const isGiven = has('--url');
  // A Worker started for the run would have no collections.
  const isRunning = !isGiven && has('--collection');
  const isWanted = !isGiven && !isRunning;
  if (isWanted) console.log('Starting the Worker on this machine, which takes some seconds.');
  const worker = isWanted ? await temporaryWorker() : undefined;
  try {
    // Paths are relative to the caller's folder: npm changes to the root of the package and keeps that folder in
    // INIT_CWD.
    const cwd = process.env.INIT_CWD ?? process.cwd();
    const url = worker?.url ?? (isRunning ? RUNNING : undefined);
    const address = url === undefined ? [] : ['--url', url];
    const program = path.join(folder, 'classify.ts');
    return await run({ command: nodeBinary(), args: [program, ...args, ...address] }, { cwd });
  } finally {
    await worker?.close();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  endChildrenOnSignal();
  process.exitCode = await classify(process.argv.slice(2));
}
