/** Runs `network.ts`, on the Node that was installed with the project: it reads TypeScript, and every machine has it. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from '../process.mjs';
import { bundledNode, PROJECT } from '../toolchain.mjs';

/**
 * @param {string[]} [args] `--check`: nothing is written
 * @returns {Promise<boolean>} whether it went well; if not, it has said why
 */
export async function makeNetwork(args = []) {
  if (!existsSync(bundledNode)) {
    console.error('The Node in node_modules is missing (were install scripts off?): npm rebuild');
    return false;
  }
  const hook = path.join(PROJECT, 'bench', 'wasm-import.ts');
  const program = path.join(PROJECT, 'scripts', 'vendor', 'network.ts');
  const command = { command: bundledNode, args: ['--import', pathToFileURL(hook).href, program, ...args] };
  return (await run(command)) === 0;
}
