/**
 * Installs what package-lock.json lists, unless it is installed already.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { run } from './process.mjs';
import { hasNode, npm, PROJECT, runsOnBundledNode } from './toolchain.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, os?: string[], cpu?: string[] }} Entry
 * @typedef {{ packages: Record<string, Entry> }} Lockfile
 */

/**
 * @param {string} folder a package with a lockfile
 * @returns {Promise<boolean>} whether everything is there now
 */
export async function install(folder = PROJECT) {
  const reason = whatIsMissing(folder);
  if (!reason) return true;
  const name = path.relative(PROJECT, folder) || 'the project';
  console.log(`Installing the packages of ${name}: ${reason}.`);
  const stopTelling = tellProgress(folder);
  // npm ci empties node_modules first. On Windows it could not delete the Node that runs this script.
  const command = process.platform === 'win32' && runsOnBundledNode ? ['install', '--no-save'] : ['ci'];
  const code = await run(npm([...command, '--no-audit', '--no-fund', '--loglevel=error']), {
    cwd: folder,
    // The CPU library is in the package; its install script would fetch the one for CUDA.
    env: { ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
  stopTelling();
  if (code !== 0) {
    console.error(`npm ended with code ${code}. Check the network and the registry, then try again.`);
    return false;
  }
  const still = whatIsMissing(folder);
  if (still) console.error(`npm reported success, but ${still}.`);
  return !still;
}

/** How often progress is printed. */
const TELL_MS = 5_000;

/**
 * npm prints nothing until it has finished. It writes a package's manifest when it unpacks it, so these are counted.
 *
 * @param {string} folder
 * @returns {() => void} stops the count
 */
function tellProgress(folder) {
  // Optional packages are mostly for other platforms.
  const places = Object.entries(readLockfile(path.join(folder, 'package-lock.json')))
    .filter(([place, { optional }]) => place.startsWith('node_modules/') && !optional)
    .map(([place]) => path.join(folder, place, 'package.json'));
  const begin = performance.now();
  const timer = setInterval(() => {
    const there = places.filter((file) => existsSync(file)).length;
    const what =
      there < places.length ? `${there} of ${places.length} packages` : 'all packages; their scripts run';
    console.log(`  ${what}, after ${Math.round((performance.now() - begin) / 1000)} s`);
  }, TELL_MS);
  return () => clearInterval(timer);
}

/**
 * Compares the lockfile with the copy that npm keeps of what it has installed. npm writes that copy last, so an
 * interrupted install has none.
 *
 * @param {string} folder
 * @returns {string | undefined} what is missing, as a message; undefined if everything is there
 */
function whatIsMissing(folder) {
  const modules = path.join(folder, 'node_modules');
  const record = path.join(modules, '.package-lock.json');
  if (!existsSync(record)) return 'nothing is installed yet';
  const wanted = readLockfile(path.join(folder, 'package-lock.json'));
  const installed = readLockfile(record);

  for (const [place, { optional, version, integrity }] of Object.entries(wanted)) {
    const found = installed[place];
    // Entries outside node_modules are the package itself and the folders that it links to.
    if (!place.startsWith('node_modules/') || (optional && !found)) continue;
    if (!found || found.version !== version || found.integrity !== integrity)
      return `${place} ${version} is not installed`;
  }
  for (const [place, { os, cpu }] of Object.entries(installed)) {
    if (!place.startsWith('node_modules/')) continue;
    if (!wanted[place]) return `${place} is no longer listed`;
    if (!allows(os, process.platform) || !allows(cpu, process.arch))
      return `${place} is for another kind of machine`;
    if (!existsSync(path.join(folder, place, 'package.json'))) return `${place} is gone`;
  }
  // Install scripts of the packages bring the Node that the tools run on.
  if (folder === PROJECT && !hasNode())
    return 'a Node of 22.18 or newer is missing (were install scripts off?)';
  return undefined;
}

/** @param {string} file */
function readLockfile(file) {
  return /** @type {Lockfile} */ (JSON.parse(readFileSync(file, 'utf8'))).packages;
}

/**
 * @param {string[] | undefined} list as in package.json: names, or names to exclude with a `!`
 * @param {string} value
 */
function allows(list, value) {
  if (!list?.length) return true;
  return list.includes(value) || (list.every((item) => item.startsWith('!')) && !list.includes(`!${value}`));
}
