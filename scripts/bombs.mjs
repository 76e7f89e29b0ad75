/**
 * `npm run bombs -- [--only NAME] [--quick] [--worst N]`: files that cost far more than their bytes suggest.
 */
import './help.mjs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { runCounted } from './counted.mjs';
import { endChildrenOnSignal } from './process.mjs';

/** A run by hand sends all sizes, without a time limit. */
const BOMBS_MS = 3_600_000;

/** @param {string[]} args */
export const bombs = (args) => runCounted(['test/bombs/bombs.ts', ...args], BOMBS_MS);

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  endChildrenOnSignal();
  const { passed, failed } = await bombs(process.argv.slice(2));
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
