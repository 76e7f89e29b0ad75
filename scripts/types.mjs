/**
 * `npm run types`: writes the types of the bindings in `wrangler.toml`, then checks the Worker's.
 */
import './help.mjs';
import process from 'node:process';
import { install } from './install.mjs';
import { endChildrenOnSignal, run } from './process.mjs';
import { tool } from './toolchain.mjs';

endChildrenOnSignal();
if (!(await install())) process.exit(1);
const code = await run(tool('wrangler', ['types']));
process.exitCode = code || (await run(tool('typescript', ['--noEmit'], 'tsc')));
