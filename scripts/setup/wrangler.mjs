/** Runs wrangler for `npm run setup`. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { PROJECT, tool, toolEnvironment } from '../toolchain.mjs';

/** How wrangler lists the addresses that it has deployed to. */
const HOST = /^(?:https:\/\/)?([\w-]+(?:\.[\w-]+)+)(?: \(custom domain.*)?$/;

/**
 * Runs a command in the terminal, where it may ask questions and open a browser.
 *
 * @param {string[]} given
 * @param {Record<string, string>} [env]
 * @returns {Promise<number>} its exit code
 */
export function tell(given, env = {}) {
  const { command, args } = tool('wrangler', given);
  const child = spawn(command, args, {
    cwd: PROJECT,
    env: { ...toolEnvironment(), ...env },
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * @param {string[]} given
 * @returns {unknown} the JSON that it prints; undefined if it fails
 */
export function ask(given) {
  const { command, args } = tool('wrangler', given);
  const { status, stdout } = spawnSync(command, args, {
    cwd: PROJECT,
    env: toolEnvironment(),
    encoding: 'utf8',
  });
  if (status !== 0) return undefined;
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

/** Whether wrangler is logged in, or CLOUDFLARE_API_TOKEN is set. */
export function loggedIn() {
  const answer = ask(['whoami', '--json']);
  return typeof answer === 'object' && answer !== null && 'loggedIn' in answer && answer.loggedIn === true;
}

/**
 * @param {string} environment `--env=…`
 * @returns {boolean} whether the Worker exists and has a secret API_KEYS
 */
export function hasKeys(environment) {
  const secrets = ask(['secret', 'list', '--format', 'json', environment]);
  return Array.isArray(secrets) && secrets.some(({ name }) => name === 'API_KEYS');
}

/**
 * @param {string} file written by wrangler, as WRANGLER_OUTPUT_FILE_PATH names it
 * @returns {string | undefined} where the Worker answers, if anywhere
 */
export function deployedTo(file) {
  const entries = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  const targets = entries.findLast(({ type }) => type === 'deploy')?.targets ?? [];
  // A route is a pattern of paths; a custom domain and workers.dev have the Worker at their root.
  const hosts = targets.flatMap((/** @type {string} */ text) => HOST.exec(text)?.[1] ?? []);
  return hosts[0] && `https://${hosts[0]}`;
}
