/**
 * `npm run fuzz -- [--seed N] [--count N] [--url U] [--replay FILE]`: broken files against a Worker.
 *
 * @usage test/fuzz/fuzz.ts
 */
import './help.mjs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { runCounted } from './counted.mjs';
import { endChildrenOnSignal } from './process.mjs';

/** The table takes a minute; a run by hand may have a hundred thousand mutants. */
const FUZZ_MS = 4 * 3_600_000;

/** @param {string[]} args */
export const fuzz = (args) => runCounted(['test/fuzz/fuzz.ts', ...args], FUZZ_MS);

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  endChildrenOnSignal();
  const { passed, failed } = await fuzz(process.argv.slice(2));
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
