/**
 * Where the tools are: the project, a Node that can run them, npm, and the command of an installed package. It runs on
 * Node 20 and before anything is installed, so it imports only from Node itself.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const PROJECT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/**
 * The oldest Node that the tools run on: wrangler, miniflare and vitest need 22, and TypeScript programs are started
 * without a flag, which works from 22.18 on.
 */
const LEAST_NODE = [22, 18];

const windows = process.platform === 'win32';
export const bundledNode = path.join(PROJECT, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');

/** @typedef {{ command: string, args: string[], shell?: boolean }} Command */

/** True if this process runs on the Node inside node_modules, which Windows then cannot delete. */
export const runsOnBundledNode = process.execPath === bundledNode;

/** The Node for the tools: the current one if it is new enough, else the one installed with the project. */
export function nodeBinary() {
  return isNewEnough() ? process.execPath : bundledNode;
}

/**
 * The Node for output that is compared byte by byte: the one installed with the project, so that it is the same
 * everywhere. After an install without scripts there is none, and your own Node is used.
 */
export function makingNode() {
  return existsSync(bundledNode) ? bundledNode : nodeBinary();
}

function isNewEnough() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = LEAST_NODE;
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

/** Whether there is a Node that the tools can run on; there is none after an install without scripts. */
export function hasNode() {
  return existsSync(nodeBinary());
}

/**
 * npm as the caller runs it. `npm_node_execpath` is the Node that npm itself runs on; it is preferred because `npm ci`
 * deletes the one in node_modules while it runs.
 *
 * @param {string[]} args
 * @returns {Command}
 */
export function npm(args) {
  const cli = process.env.npm_execpath;
  // Other package managers also set this variable, to themselves.
  if (cli && path.basename(cli) === 'npm-cli.js' && existsSync(cli)) {
    const node = process.env.npm_node_execpath;
    return { command: node && existsSync(node) ? node : process.execPath, args: [cli, ...args] };
  }
  return windows ? { command: 'npm.cmd', args, shell: true } : { command: 'npm', args };
}

/**
 * The command that an installed package provides, started by Node directly: the files in `node_modules/.bin` are shell
 * scripts on Windows, and elsewhere would pick up an older Node.
 *
 * @param {string} name the package
 * @param {string[]} args
 * @param {string} [bin] the command, if it does not have the package's name
 * @param {string} [within] the folder in which the package is installed
 * @returns {Command}
 */
export function tool(name, args, bin = name, within = PROJECT) {
  const folder = path.join(within, 'node_modules', name);
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin];
  return { command: nodeBinary(), args: [path.join(folder, file), ...args] };
}

/**
 * The environment of every tool: no prompts, no telemetry, and `node` is the Node that the tool itself runs on.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment() {
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return {
    ...process.env,
    [key]: [path.dirname(nodeBinary()), process.env[key]].join(path.delimiter),
    ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }),
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_SEND_ERROR_REPORTS: 'false',
    // The banner checks for a newer version over the network.
    WRANGLER_HIDE_BANNER: 'true',
    WRANGLER_WRITE_LOGS: 'false',
    // Otherwise the local `request.cf` is downloaded at the start.
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  };
}
