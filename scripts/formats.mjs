/**
 * `npm run formats -- [--url U]`: sends HEIC and AVIF files written by other encoders to a Worker.
 */
import './help.mjs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { runCounted } from './counted.mjs';
import { endChildrenOnSignal } from './process.mjs';
import { pythonFor } from './python.mjs';
import { PROJECT } from './toolchain.mjs';

const folder = path.join('test', 'formats');

/** Some 60 files, of which the largest take seconds to encode. */
const FORMATS_MS = 900_000;

/**
 * @param {string[]} args
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function formats(args) {
  const requirements = path.join(PROJECT, folder, 'requirements.txt');
  const { python, ...without } = await pythonFor(requirements, "Others' HEIC and AVIF files");
  if (python === undefined) return { passed: 0, failed: 'failed' in without ? without.failed : 0 };
  return runCounted([path.join(folder, 'formats.ts'), '--python', python, ...args], FORMATS_MS);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  endChildrenOnSignal();
  const { passed, failed } = await formats(process.argv.slice(2));
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
