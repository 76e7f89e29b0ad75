/**
 * `npm run jobs -- [--count N] [--faults P]`: runs jobs over a bucket on this machine while attempts fail and the
 * Worker is restarted.
 *
 * @usage test/bulk/bulk.ts
 */
import './help.mjs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { runCounted } from './counted.mjs';
import { endChildrenOnSignal } from './process.mjs';

/** Two minutes on a quiet machine. */
const JOBS_MS = 1_200_000;

/** @param {string[]} args */
export const jobs = (args) => runCounted(['test/bulk/bulk.ts', ...args], JOBS_MS);

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  endChildrenOnSignal();
  const { passed, failed } = await jobs(process.argv.slice(2));
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
