/**
 * `npm run differ -- FOLDER [options]`: compares every picture below a folder as a Worker and as other decoders see it.
 *
 * @usage test/differ/differ.ts
 */
import './help.mjs';
import path from 'node:path';
import process from 'node:process';
import { install } from './install.mjs';
import { endChildrenOnSignal, run } from './process.mjs';
import { pythonWith } from './python.mjs';
import { nodeBinary, PROJECT } from './toolchain.mjs';

endChildrenOnSignal();
const python = (await install())
  ? await pythonWith(path.join(PROJECT, 'test', 'reference', 'requirements.txt'))
  : undefined;
process.exitCode =
  python === undefined
    ? 1
    : await run({
        command: nodeBinary(),
        args: [
          path.join(PROJECT, 'test', 'differ', 'differ.ts'),
          '--python',
          python,
          ...process.argv.slice(2),
        ],
      });
