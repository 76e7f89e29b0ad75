import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './process.mjs';
import { npm } from './toolchain.mjs';

/** The slowest suite takes a minute; a test that hangs must not hang the whole run. */
const TESTS_MS = 600_000;

/**
 * Runs the tests as the README says, counted by vitest itself.
 *
 * @param {string} scratch
 */
export async function runTests(scratch) {
  const file = path.join(scratch, 'tests.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await run(npm(['test', '--', ...reporters]), { timeoutMs: TESTS_MS });
  if (!existsSync(file)) return false;
  const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(readFileSync(file, 'utf8'));
  // A file that fails to load has no failed tests, and an empty run has no tests: neither is a success.
  const silent = failed === 0 && (code !== 0 || passed === 0);
  return { passed, failed: silent ? 1 : failed };
}
