/**
 * `npm run wasm`: builds the hand-written wasm from its text. With `--check` nothing is written, and a file that is
 * not what its text builds is an error.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { install } from './install.mjs';
import { PROJECT } from './toolchain.mjs';

const TEXTS = ['src/image/resample/resample.wat'];

/** @returns {Promise<boolean>} whether every file is what its text builds */
export async function checkWasm() {
  if (!(await install())) return false;
  let same = true;
  for (const text of TEXTS) {
    const file = binaryOf(text);
    const is = existsSync(file) && readFileSync(file).equals(await build(text));
    if (!is) console.error(`${path.relative(PROJECT, file)} is not what ${text} builds: npm run wasm`);
    same &&= is;
  }
  return same;
}

/** @param {string} text */
const binaryOf = (text) => path.join(PROJECT, text.replace(/\.wat$/, '.wasm'));

/** @param {string} text */
async function build(text) {
  // Imported late: `npm run check` starts before anything is installed.
  const { default: wabt } = await import('wabt');
  const { parseWat } = await wabt();
  const module = parseWat(text, readFileSync(path.join(PROJECT, text)));
  module.validate();
  return module.toBinary({}).buffer;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes('--check')) process.exitCode = (await checkWasm()) ? 0 : 1;
  else for (const text of TEXTS) writeFileSync(binaryOf(text), await build(text));
}
