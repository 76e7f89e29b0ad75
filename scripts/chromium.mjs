import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { run } from './process.mjs';

/** Names of Chromium on the path, or where its installer puts it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const INSTALL_MS = 300_000;

/** Printed if there is none; in CI that is a failure. */
export const NO_CHROMIUM = `there is no Chromium: neither ${NAMES.join(', ')} on the path nor CHROMIUM in the environment`;

/** @returns {Promise<string | undefined>} the browser's program; in CI it is installed if it is missing */
export async function chromium() {
  const there = installed();
  if (there || !process.env.CI || process.getuid?.() !== 0) return there;
  console.log('Installing Chromium.');
  for (const args of [
    ['update'],
    ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'],
  ]) {
    const command = { command: 'apt-get', args: ['-qq', ...args] };
    const code = await run(command, { timeoutMs: INSTALL_MS, env: { DEBIAN_FRONTEND: 'noninteractive' } });
    if (code !== 0) return undefined;
  }
  return installed();
}

/** @returns {string | undefined} */
function installed() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const named = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [process.env.CHROMIUM ?? '', ...named, ...PLACES].find(runs);
}

/** @param {string} file */
function runs(file) {
  try {
    accessSync(file, constants.X_OK);
    return file !== '';
  } catch {
    return false;
  }
}
