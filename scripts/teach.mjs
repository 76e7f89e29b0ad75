/**
 * `npm run teach -- FOLDER --name NAME [options]`: adds the pictures of a folder of folders to a collection. The
 * program is `examples/folder/teach.ts`.
 *
 * @usage examples/folder/teach-arguments.ts
 */
import './help.mjs';
import path from 'node:path';
import process from 'node:process';
import { install } from './install.mjs';
import { endChildrenOnSignal, run } from './process.mjs';
import { nodeBinary, PROJECT } from './toolchain.mjs';

const folder = path.join(PROJECT, 'examples', 'folder');

endChildrenOnSignal();
process.exitCode =
  (await install()) && (await install(folder))
    ? await run(
        { command: nodeBinary(), args: [path.join(folder, 'teach.ts'), ...process.argv.slice(2)] },
        // Paths are relative to the caller's folder: npm changes to the root of the package and keeps that folder in
        // INIT_CWD.
        { cwd: process.env.INIT_CWD ?? process.cwd() },
      )
    : 1;
