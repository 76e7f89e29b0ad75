/**
 * `npm run examples`: runs every program of `examples/` against a Worker that it starts.
 */
import './help.mjs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { browser } from './browser.mjs';
import { runCounted } from './counted.mjs';
import { temporaryWorker } from './dev-server.mjs';
import { install } from './install.mjs';
import { endChildrenOnSignal } from './process.mjs';
import { pythonFor } from './python.mjs';
import { PROJECT } from './toolchain.mjs';

const EXAMPLES_MS = 300_000;

/** Room for two or three of the pictures that they send, and a key, so that there are wrong keys too. */
const BUSY = Object.entries({
  MAX_IMAGE_BYTES: 60_000,
  MAX_JSON_BYTES: 60_000,
  MAX_TENSOR_BYTES: 60_000,
  MAX_INFLIGHT_BYTES: 130_000,
  API_KEYS: `nobody:${'0'.repeat(64)}`,
}).flatMap(([name, value]) => ['--var', `${name}:${value}`]);

/** @returns {Promise<{ passed: number, failed: number }>} */
export async function examples() {
  if (!(await install()) || !(await install(path.join(PROJECT, 'examples', 'folder'))))
    return { passed: 0, failed: 1 };
  const requirements = path.join(PROJECT, 'test', 'conformance', 'requirements.txt');
  const { python, ...without } = await pythonFor(requirements, 'The examples in Python');
  const worker = await temporaryWorker();
  const busy = await temporaryWorker(BUSY);
  try {
    const counts = await runCounted(
      [
        'test/examples/examples.ts',
        ...['--url', worker.url, '--busy-url', busy.url],
        ...(python ? ['--python', python] : []),
      ],
      EXAMPLES_MS,
    );
    const page = await browser(['--only', 'example']);
    const { passed, failed } = 'passed' in page ? page : { passed: 0, failed: 0 };
    return {
      passed: counts.passed + passed,
      failed: counts.failed + failed + ('failed' in without ? without.failed : 0),
    };
  } finally {
    await Promise.all([worker.close(), busy.close()]);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  endChildrenOnSignal();
  const { passed, failed } = await examples();
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
