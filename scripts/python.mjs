/**
 * A Python with the packages of a requirements file, for the steps of the check that need one.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { run } from './process.mjs';
import { PROJECT } from './toolchain.mjs';

const windows = process.platform === 'win32';

/** The system's own, whose packages cannot be relied on. */
export const PYTHON = windows ? 'python' : 'python3';

/** Time to download the packages on a slow connection. */
const INSTALL_MS = 300_000;

/**
 * Makes a virtual environment under `.venv`, one per requirements file, and keeps it until that file changes.
 *
 * @param {string} requirements the file
 * @returns {Promise<string | undefined>} the interpreter; undefined if it could not be made, which has been reported
 */
export async function pythonWith(requirements) {
  const name = path.relative(PROJECT, path.dirname(requirements)).replaceAll(path.sep, '-');
  const venv = path.join(PROJECT, '.venv', name);
  const python = path.join(venv, ...(windows ? ['Scripts', 'python.exe'] : ['bin', 'python3']));
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const stamp = path.join(venv, 'requirements.sha256');
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  const commands = [
    { command: PYTHON, args: ['-m', 'venv', '--clear', venv] },
    {
      command: python,
      args: ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements],
    },
  ];
  for (const command of commands) {
    if ((await run(command, { timeoutMs: INSTALL_MS })) !== 0) return undefined;
  }
  writeFileSync(stamp, wanted);
  return python;
}

/**
 * A Python for programs that are skipped if there is none; in CI that is a failure.
 *
 * @param {string} requirements the file
 * @param {string} what the programs, as text for people
 * @returns {Promise<{ python: string } | { python: undefined, failed: 0 | 1 }>} without one, the reason has been
 *   printed
 */
export async function pythonFor(requirements, what) {
  if (await hasPython()) {
    const python = await pythonWith(requirements);
    return python ? { python } : { python, failed: 1 };
  }
  console.log(`${what} are skipped: there is no Python on this machine.`);
  return { python: undefined, failed: process.env.CI ? 1 : 0 };
}

/** Whether there is a Python to make an environment with. */
export async function hasPython() {
  try {
    return (await run({ command: PYTHON, args: ['--version'] })) === 0;
  } catch {
    return false;
  }
}
