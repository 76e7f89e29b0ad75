/**
 * `npm run screenshot`: the README's picture of the playground, `docs/playground.png`.
 */
import './help.mjs';
import path from 'node:path';
import process from 'node:process';
import { chromium, NO_CHROMIUM } from './chromium.mjs';
import { install } from './install.mjs';
import { endChildrenOnSignal, run } from './process.mjs';
import { nodeBinary, PROJECT } from './toolchain.mjs';

const FOLDER = path.join(PROJECT, 'test', 'browser');
const SCREENSHOT_MS = 180_000;

endChildrenOnSignal();
if (!(await install()) || !(await install(FOLDER))) process.exit(1);
const program = await chromium();
if (!program) {
  console.error(`No screenshot is taken: ${NO_CHROMIUM}.`);
  process.exit(1);
}
const args = [path.join(FOLDER, 'screenshot.ts'), '--chromium', program];
process.exitCode = await run({ command: nodeBinary(), args }, { timeoutMs: SCREENSHOT_MS });
