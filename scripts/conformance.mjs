/**
 * `npm run conformance`: runs the real clients of `test/conformance` against a Worker that it starts.
 */
import './help.mjs';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { count } from './counted.mjs';
import { temporaryWorker } from './dev-server.mjs';
import { install } from './install.mjs';
import { endChildrenOnSignal, run } from './process.mjs';
import { pythonFor } from './python.mjs';
import { nodeBinary, PROJECT } from './toolchain.mjs';

const folder = path.join(PROJECT, 'test', 'conformance');
/** Each program teaches collections of its own, and they all count as one caller. */
const MANY_COLLECTIONS = ['--var', 'MAX_COLLECTIONS:1000'];
const CALLER = path.join('examples', 'service-binding', 'wrangler.toml');

/** Programs that are not clients, but shared by them. */
const SHARED = ['report.ts', 'taught.ts', 'taught.py'];

/** A client makes some dozens of requests, two of them wait out their own retries, and ours runs in four programs. */
const CLIENT_MS = 600_000;

/**
 * Runs every client. Those in Python are left out if there is no Python; in CI that is a failure.
 *
 * @param {string} scratch a folder for the picture that they send
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function conformance(scratch) {
  if (!(await install()) || !(await install(folder))) return { passed: 0, failed: 1 };
  const image = path.join(scratch, 'picture.jpg');
  const drawn = await run({
    command: nodeBinary(),
    args: [path.join(PROJECT, 'test', 'pictures', 'draw.ts'), image],
  });
  if (drawn !== 0) return { passed: 0, failed: 1 };

  const counts = { passed: 0, failed: 0 };
  const programs = readdirSync(folder).filter((name) => /\.(ts|py)$/.test(name) && !SHARED.includes(name));
  const { python, ...without } = await pythonFor(path.join(folder, 'requirements.txt'), 'The Python clients');
  if ('failed' in without) counts.failed += without.failed;
  for (const [args, wanted] of /** @type {const} */ ([
    [[], (/** @type {string} */ name) => name !== 'binding.ts'],
    [['-c', CALLER, '-c', 'wrangler.toml'], (/** @type {string} */ name) => name === 'binding.ts'],
  ])) {
    const worker = await temporaryWorker([...args, ...MANY_COLLECTIONS]);
    try {
      for (const name of programs.filter(wanted)) {
        const command = name.endsWith('.py') ? python : nodeBinary();
        if (!command) continue;
        console.log(`\n${name}`);
        const { passed, failed } = await count(
          { command, args: [path.join(folder, name), '--url', worker.url, '--image', image] },
          CLIENT_MS,
        );
        counts.passed += passed;
        counts.failed += failed;
      }
    } finally {
      await worker.close();
    }
  }
  return counts;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  endChildrenOnSignal();
  const { mkdtempSync, rmSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const scratch = mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-conformance-'));
  const { passed, failed } = await conformance(scratch);
  rmSync(scratch, { recursive: true, force: true });
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
