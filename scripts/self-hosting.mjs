/**
 * `npm run check -- self-hosting`: builds what `npm run serve` starts, starts it and asks.
 */
import { runCounted } from './counted.mjs';
import { build } from './serve.mjs';

/** A minute, most of which are large pictures. */
const SELF_HOSTING_MS = 600_000;

/** @returns {Promise<{ passed: number, failed: number }>} */
export async function selfHosting() {
  if (!(await build())) return { passed: 0, failed: 1 };
  return runCounted(['test/self-hosting/self-hosting.ts'], SELF_HOSTING_MS);
}
