/**
 * `npm run wire`: checks what only a real connection to the Worker shows.
 */
import './help.mjs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { runCounted } from './counted.mjs';
import { endChildrenOnSignal } from './process.mjs';

/** A minute, mostly for starting the Worker. */
const WIRE_MS = 600_000;

/** @param {string[]} args */
export const wire = (args = []) => runCounted(['test/wire/wire.ts', ...args], WIRE_MS);

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  endChildrenOnSignal();
  const { passed, failed } = await wire(process.argv.slice(2));
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
