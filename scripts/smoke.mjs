/**
 * `npm run smoke -- URL`: checks from outside whether a deployment works as it should.
 */
import './help.mjs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { runCounted } from './counted.mjs';
import { temporaryWorker } from './dev-server.mjs';
import { endChildrenOnSignal } from './process.mjs';

/** Over a slow connection, with pictures of some megabytes. */
const SMOKE_MS = 300_000;

/** @param {string[]} args */
export const smoke = (args) => runCounted(['test/smoke/smoke.ts', ...args], SMOKE_MS);

/** The same against a Worker on this machine, which tests the checks themselves. */
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
