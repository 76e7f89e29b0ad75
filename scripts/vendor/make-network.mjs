/** Runs `network.ts` on a Node that reads TypeScript. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from '../process.mjs';
import { makingNode, PROJECT } from '../toolchain.mjs';

/**
 * @param {string[]} [args] `--check`: nothing is written
 * @returns {Promise<boolean>} whether it succeeded; if not, it has printed why
 */
export async function makeNetwork(args = []) {
  const node = makingNode();
  if (!existsSync(node)) {
    console.error(
      'There is no Node that reads TypeScript: install scripts were off, and this one is older than 22.18. Use a newer one, or npm rebuild.',
    );
    return false;
  }
  const hook = path.join(PROJECT, 'bench', 'wasm-import.ts');
  const program = path.join(PROJECT, 'scripts', 'vendor', 'network.ts');
  const command = { command: node, args: ['--import', pathToFileURL(hook).href, program, ...args] };
  return (await run(command)) === 0;
}
