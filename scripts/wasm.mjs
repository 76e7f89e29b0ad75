/**
 * `npm run wasm`: builds our own wasm from its sources. With `--check` nothing is written, and a file that is not
 * what its source builds is an error.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { install } from './install.mjs';
import { run } from './process.mjs';
import { PROJECT, tool } from './toolchain.mjs';

/** @type {Record<string, () => Promise<Uint8Array>>} */
const BUILDS = {
  'src/image/resample/resample.wasm': () => assemble('src/image/resample/resample.wat'),
  'src/image/jpeg/jpeg.wasm': () => compile('src/image/jpeg/kernel/scan.ts'),
};

/** @returns {Promise<boolean>} whether every file is what its text builds */
export async function checkWasm() {
  if (!(await install())) return false;
  let same = true;
  for (const [name, build] of Object.entries(BUILDS)) {
    const file = path.join(PROJECT, name);
    const is = existsSync(file) && readFileSync(file).equals(await build());
    if (!is) console.error(`${name} is not what its source builds: npm run wasm`);
    same &&= is;
  }
  return same;
}

/** @param {string} text in WebAssembly's own notation */
async function assemble(text) {
  // Imported late: `npm run check` starts before anything is installed.
  const { default: wabt } = await import('wabt');
  const { parseWat } = await wabt();
  const module = parseWat(text, readFileSync(path.join(PROJECT, text)));
  module.validate();
  return module.toBinary({}).buffer;
}

/**
 * AssemblyScript that has neither objects nor imports: its memory is laid out by hand.
 *
 * @param {string} source
 */
async function compile(source) {
  const folder = mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-wasm-'));
  try {
    const output = path.join(folder, 'out.wasm');
    const options = ['--runtime', 'stub', '--enable', 'simd', '-O3', '--noAssert', '--use', 'abort='];
    const code = await run(tool('assemblyscript', [source, '--outFile', output, ...options], 'asc'));
    if (code !== 0) throw new Error(`${source} does not compile`);
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes('--check')) process.exitCode = (await checkWasm()) ? 0 : 1;
  else {
    for (const [name, build] of Object.entries(BUILDS))
      writeFileSync(path.join(PROJECT, name), await build());
  }
}
