/**
 * `npm run durability`: whether everything that was acknowledged survives when the process is killed.
 */
import './help.mjs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { runCounted } from './counted.mjs';
import { endChildrenOnSignal } from './process.mjs';

/** Two minutes on a quiet machine: the Worker starts five times. */
const DURABILITY_MS = 1_200_000;

/** @param {string[]} args */
export const durability = (args = []) =>
  runCounted(['test/durability/durability.ts', ...args], DURABILITY_MS);

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  endChildrenOnSignal();
  const { passed, failed } = await durability(process.argv.slice(2));
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
