/**
 * `npm run cost -- [--count N] [--seed N] [--folder FOLDER] [--only TEXT]`: tests the account of time.
 */
import './help.mjs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { runCounted } from './counted.mjs';
import { endChildrenOnSignal } from './process.mjs';
import { pythonFor } from './python.mjs';
import { PROJECT } from './toolchain.mjs';

/** A thousand files and more, each sent once; a run by hand may have thousands of mutants. */
const COST_MS = 3_600_000;

/**
 * Without Python, files of every kind cannot be made; the others are sent nevertheless.
 *
 * @param {string[]} args
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function cost(args) {
  const requirements = path.join(PROJECT, 'test', 'reference', 'requirements.txt');
  const { python, ...without } = await pythonFor(requirements, 'The costs of every kind of file');
  if ('failed' in without && without.failed > 0) return { passed: 0, failed: without.failed };
  const kinds = python === undefined ? [] : ['--python', python];
  return runCounted([path.join('test', 'cost', 'cost.ts'), ...kinds, ...args], COST_MS);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  endChildrenOnSignal();
  const { passed, failed } = await cost(process.argv.slice(2));
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
