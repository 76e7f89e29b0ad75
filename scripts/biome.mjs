/**
 * The formatter and linter. It is half as large as the runtime and not needed to start or test the Worker, so it has a
 * package of its own.
 */
import path from 'node:path';
import { install } from './install.mjs';
import { run } from './process.mjs';
import { PROJECT, tool } from './toolchain.mjs';

const FOLDER = path.join(PROJECT, 'scripts', 'format');

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function biome(args) {
  if (!(await install()) || !(await install(FOLDER))) return 1;
  return run(tool('@biomejs/biome', args, 'biome', FOLDER));
}
