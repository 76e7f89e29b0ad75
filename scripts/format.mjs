/**
 * `npm run format`: formats every file, and corrects what the linter can.
 */
import './help.mjs';
import process from 'node:process';
import { install } from './install.mjs';
import { endChildrenOnSignal, run } from './process.mjs';
import { tool } from './toolchain.mjs';

endChildrenOnSignal();
if (!(await install())) process.exit(1);
process.exitCode = await run(
  tool('@biomejs/biome', ['check', '--write', '.', ...process.argv.slice(2)], 'biome'),
);
