/**
 * `npm run format`: formats every file, and fixes what the linter can. Installs the formatter on first use.
 */
import './help.mjs';
import process from 'node:process';
import { biome } from './biome.mjs';
import { endChildrenOnSignal } from './process.mjs';

endChildrenOnSignal();
process.exitCode = await biome(['check', '--write', '.', ...process.argv.slice(2)]);
