/**
 * `npm run account -- [--count N] [--seed N] [--megapixels N]`: proves the memory account.
 *
 * @usage test/soak/account.ts
 */
import './help.mjs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { runCounted } from './counted.mjs';
import { endChildrenOnSignal } from './process.mjs';

/** Large pictures take seconds each, and a run by hand may send thousands. */
const ACCOUNT_MS = 4 * 3_600_000;

/** @param {string[]} args */
export const account = (args) => runCounted(['test/soak/account.ts', ...args], ACCOUNT_MS);

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  endChildrenOnSignal();
  const { passed, failed } = await account(process.argv.slice(2));
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
