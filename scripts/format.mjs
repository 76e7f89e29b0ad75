/**
 * `npm run format`: formats every file, and corrects what the linter can. The formatter is installed when it is used.
 */
import './help.mjs';
import process from 'node:process';
import { biome } from './biome.mjs';
import { endChildrenOnSignal } from './process.mjs';

endChildrenOnSignal();
process.exitCode = await biome(['check', '--write', '.', ...process.argv.slice(2)]);
