/**
 * `npm run kinds -- [--format F] [--only TEXT] [--folder FOLDER]`: the matrix of kinds.
 *
 * @usage test/kinds/kinds.ts
 */
import './help.mjs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { runCounted } from './counted.mjs';
import { endChildrenOnSignal } from './process.mjs';
import { pythonFor } from './python.mjs';
import { PROJECT } from './toolchain.mjs';

/** Some hundreds of files, of which the largest have twelve megapixels. */
const KINDS_MS = 1_800_000;

/**
 * @param {string[]} args
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function kinds(args) {
  const requirements = path.join(PROJECT, 'test', 'reference', 'requirements.txt');
  const { python, ...without } = await pythonFor(requirements, 'The kinds of files');
  if (python === undefined) return { passed: 0, failed: 'failed' in without ? without.failed : 0 };
  return runCounted([path.join('test', 'kinds', 'kinds.ts'), '--python', python, ...args], KINDS_MS);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  endChildrenOnSignal();
  const { passed, failed } = await kinds(process.argv.slice(2));
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
