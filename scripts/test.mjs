/**
 * `npm test`: vitest, once, from a fresh clone. Arguments after `--` go to `vitest run`.
 */
import './help.mjs';
import path from 'node:path';
import process from 'node:process';
import { install } from './install.mjs';
import { endChildrenOnSignal, run } from './process.mjs';
import { nodeBinary, PROJECT, tool } from './toolchain.mjs';

const VENDOR = { command: nodeBinary(), args: [path.join(PROJECT, 'scripts', 'vendor.mjs'), '--if-changed'] };

endChildrenOnSignal();
if (!(await install())) process.exit(1);
// As before a deployment: generated files may be older than their sources.
if ((await run(VENDOR)) !== 0) process.exit(1);
console.log('Bundling the Worker and its tests; then a line for each file of tests.');
process.exitCode = await run(tool('vitest', ['run', ...process.argv.slice(2)]));
