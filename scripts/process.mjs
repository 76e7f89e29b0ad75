/**
 * Child processes that end when they should: by id, with all their children, on a signal or after a time limit.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import process from 'node:process';
import { PROJECT, toolEnvironment } from './toolchain.mjs';

/** How long a process may take to exit by itself before it is killed. */
const GRACE_MS = 5_000;

const windows = process.platform === 'win32';

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */
/** @typedef {import('./toolchain.mjs').Command} Command */

/** @type {Set<ChildProcess>} */
const running = new Set();

/**
 * Starts a process as the leader of its own group, so that `stop` reaches its children as well. It gets no standard
 * input: a background group may not read a terminal, and nothing here asks questions.
 *
 * @param {Command} command
 * @param {{ cwd?: string, env?: Record<string, string>, output?: 'inherit' | 'pipe', ipc?: boolean }} [options]
 */
export function start(
  { command, args, shell = false },
  { cwd = PROJECT, env = {}, output = 'inherit', ipc = false } = {},
) {
  const child = spawn(command, args, {
    cwd,
    shell,
    env: { ...toolEnvironment(), ...env },
    detached: !windows,
    windowsHide: true,
    stdio: ['ignore', output, output, ...(ipc ? /** @type {const} */ (['ipc']) : [])],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/**
 * @param {ChildProcess} child
 * @returns {Promise<number>} the exit code; after a signal, the code that a shell would report
 */
export function ended(child) {
  return new Promise((resolve, reject) => {
    if (child.exitCode !== null || child.signalCode !== null)
      resolve(exitCode(child.exitCode, child.signalCode));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(exitCode(code, signal)));
  });
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function exitCode(code, signal) {
  return code ?? 128 + (signal ? constants.signals[signal] : 0);
}

/**
 * @param {Command} command
 * @param {{ cwd?: string, env?: Record<string, string>, timeoutMs?: number }} [options]
 * @returns {Promise<number>} the exit code
 */
export async function run(command, { timeoutMs, ...options } = {}) {
  const child = start(command, options);
  const timer =
    timeoutMs &&
    setTimeout(() => {
      console.error(`Stopped: it did not end within ${timeoutMs / 1000} s.`);
      stop(child);
    }, timeoutMs);
  try {
    return await ended(child);
  } finally {
    clearTimeout(timer || undefined);
  }
}

/**
 * Ends a process and all its children, and waits until they have ended.
 *
 * @param {ChildProcess} child
 */
export async function stop(child) {
  if (!running.has(child) || child.pid === undefined) return;
  signalTree(child.pid, 'SIGTERM');
  const kill = setTimeout(signalTree, GRACE_MS, child.pid, 'SIGKILL');
  await ended(child).catch(() => {});
  clearTimeout(kill);
}

/**
 * @param {number} pid
 * @param {'SIGTERM' | 'SIGKILL'} signal
 */
function signalTree(pid, signal) {
  if (windows) {
    spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

let ending = false;

/** @param {number} code */
async function endAll(code) {
  if (ending) return;
  ending = true;
  await Promise.all([...running].map(stop));
  process.exit(code);
}

/** How often to check whether npm is still running. */
const PARENT_CHECK_MS = 500;

/** Passes Ctrl-C, a closed terminal and SIGTERM on to the children, then exits with the code of the signal. */
export function endChildrenOnSignal() {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => endAll(128 + constants.signals[signal]));
  }
  // npm starts a script through a shell. SIGTERM to npm ends that shell and leaves the script without a parent.
  if (process.env.npm_lifecycle_event && !windows) {
    const parent = process.ppid;
    const watch = () => process.ppid !== parent && endAll(128 + constants.signals.SIGTERM);
    setInterval(watch, PARENT_CHECK_MS).unref();
  }
}
