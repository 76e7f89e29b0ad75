/**
 * `npm run samples`: draws the sample pictures of the page into `public/playground/samples`.
 */
import './help.mjs';
import path from 'node:path';
import process from 'node:process';
import { install } from './install.mjs';
import { endChildrenOnSignal, run } from './process.mjs';
import { nodeBinary, PROJECT } from './toolchain.mjs';

endChildrenOnSignal();
if (!(await install())) process.exit(1);
const program = path.join(PROJECT, 'test', 'pictures', 'samples.ts');
process.exitCode = await run({ command: nodeBinary(), args: [program] });
