/**
 * Programs that print a line for each of their checks: `ok …` or `FAILED …`.
 */
import path from 'node:path';
import process from 'node:process';
import { install } from './install.mjs';
import { ended, start, stop } from './process.mjs';
import { nodeBinary, PROJECT } from './toolchain.mjs';

/**
 * Installs the project, runs one of its programs, and counts its lines.
 *
 * @param {string[]} args its file, below the project, and its arguments
 * @param {number} timeoutMs it is stopped after this time
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runCounted([file = '', ...args], timeoutMs) {
  if (!(await install())) return { passed: 0, failed: 1 };
  return count({ command: nodeBinary(), args: [path.join(PROJECT, file), ...args] }, timeoutMs);
}

/**
 * Runs any program and counts its lines. A program that exits with an error, or prints no line, has failed once.
 *
 * @param {import('./toolchain.mjs').Command} command
 * @param {number} timeoutMs it is stopped after this time
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function count(command, timeoutMs) {
  const child = start(command, { output: 'pipe' });
  const timer = setTimeout(() => {
    console.error(`Stopped: it did not end within ${timeoutMs / 1000} s.`);
    stop(child);
  }, timeoutMs);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      text += chunk;
      process.stdout.write(chunk);
    });
  }
  const code = await ended(child);
  clearTimeout(timer);
  const passed = text.match(/^ok /gm)?.length ?? 0;
  const failed = text.match(/^FAILED /gm)?.length ?? 0;
  return { passed, failed: code !== 0 || passed === 0 ? Math.max(failed, 1) : failed };
}
