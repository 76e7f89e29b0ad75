/**
 * `npm test`: vitest, once, from a bare clone. Arguments after `--` go to `vitest run`.
 */
import './help.mjs';
import process from 'node:process';
import { install } from './install.mjs';
import { endChildrenOnSignal, run } from './process.mjs';
import { tool } from './toolchain.mjs';

endChildrenOnSignal();
if (!(await install())) process.exit(1);
console.log('Bundling the Worker and its tests; then a line for each file of tests.');
process.exitCode = await run(tool('vitest', ['run', ...process.argv.slice(2)]));
