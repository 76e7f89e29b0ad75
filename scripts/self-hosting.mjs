/**
 * `npm run check -- self-hosting`: builds and starts what `npm run serve` starts, and sends requests to it.
 */
import { runCounted } from './counted.mjs';
import { build } from './serve.mjs';

/** A minute, mostly for large pictures. */
const SELF_HOSTING_MS = 600_000;

/** @returns {Promise<{ passed: number, failed: number }>} */
export async function selfHosting() {
  if (!(await build())) return { passed: 0, failed: 1 };
  let [passed, failed] = [0, 0];
  for (const program of ['test/self-hosting/self-hosting.ts', 'test/self-hosting/jobs.ts']) {
    const counts = await runCounted([program], SELF_HOSTING_MS);
    passed += counts.passed;
    failed += counts.failed;
  }
  return { passed, failed };
}
