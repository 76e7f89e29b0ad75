/**
 * `npm run soak -- [--requests N] [--connections N] [--cache S] [--url U]`: mixed traffic against a Worker for a while.
 *
 * @usage test/soak/soak.ts
 */
import './help.mjs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { runCounted } from './counted.mjs';
import { endChildrenOnSignal } from './process.mjs';

/** A run by hand may last for hours. */
const SOAK_MS = 12 * 3_600_000;

/** @param {string[]} args */
export const soak = (args) => runCounted(['test/soak/soak.ts', ...args], SOAK_MS);

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  endChildrenOnSignal();
  const { passed, failed } = await soak(process.argv.slice(2));
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
