/**
 * `npm run browser -- [--only TOPIC]`: tests the pages in Chromium against a Worker that it starts.
 */
import './help.mjs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { chromium, NO_CHROMIUM } from './chromium.mjs';
import { runCounted } from './counted.mjs';
import { install } from './install.mjs';
import { endChildrenOnSignal } from './process.mjs';
import { PROJECT } from './toolchain.mjs';

const FOLDER = path.join(PROJECT, 'test', 'browser');
/** Minutes on a small machine, because each check is a visit of its own. */
const BROWSER_MS = 1_200_000;

/**
 * @param {string[]} args
 * @returns {Promise<{ passed: number, failed: number } | { skipped: string }>}
 */
export async function browser(args) {
  if (!(await install()) || !(await install(FOLDER))) return { passed: 0, failed: 1 };
  const program = await chromium();
  if (program) return runCounted(['test/browser/browser.ts', '--chromium', program, ...args], BROWSER_MS);
  console.error(`The pages are not tested: ${NO_CHROMIUM}.`);
  return process.env.CI ? { passed: 0, failed: 1 } : { skipped: NO_CHROMIUM };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  endChildrenOnSignal();
  const outcome = await browser(process.argv.slice(2));
  if ('passed' in outcome) console.log(`\n${outcome.passed} passed, ${outcome.failed} failed`);
  process.exitCode = 'failed' in outcome && outcome.failed > 0 ? 1 : 0;
}
