/**
 * `npm run smoke -- URL`: whether a deployment does what it should, from outside.
 */
import './help.mjs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { runCounted } from './counted.mjs';
import { temporaryWorker } from './dev-server.mjs';
import { endChildrenOnSignal } from './process.mjs';

/** Over a slow line, with pictures of some megabytes. */
const SMOKE_MS = 300_000;

/** @param {string[]} args */
export const smoke = (args) => runCounted(['test/smoke/smoke.ts', ...args], SMOKE_MS);

/** The same of a Worker on this machine: whether the checks themselves are right. */
export async function smokeHere() {
  const worker = await temporaryWorker();
  try {
    return await smoke([worker.url]);
  } finally {
    await worker.close();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  endChildrenOnSignal();
  const { passed, failed } = await smoke(process.argv.slice(2));
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
