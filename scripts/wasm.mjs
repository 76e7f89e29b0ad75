/**
 * `npm run wasm`: builds our own wasm from its sources. With `--check` nothing is written, and a file that differs from
 * what its source builds is an error.
 */
import './help.mjs';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { install } from './install.mjs';
import { run } from './process.mjs';
import { makingNode, PROJECT, tool } from './toolchain.mjs';

/** For generated text; the kernels take a quarter of a megabyte. */
const MOST_TEXT_BYTES = 4 * 2 ** 20;

/** The same as in `src/image/ways/account.ts`; `test/image/memory-maxima.test.ts` compares them. */
const JPEG_PAGES = 20;

const KERNEL = path.join(PROJECT, 'src', 'image', 'jpeg', 'kernel');

/** @type {Record<string, () => Promise<Uint8Array>>} */
const BUILDS = {
  'src/image/resample/resample.wasm': () =>
    assemble(readFileSync(inProject('src/image/resample/resample.wat'))),
  'src/collections/kernel.wasm': async () => assemble(readFileSync(inProject('src/collections/kernel.wat'))),
  'src/inference/kernels/kernels.wasm': async () => assemble(generate('src/inference/kernels/module.ts')),
  'src/image/jpeg/jpeg.wasm': () => compile('src/image/jpeg/kernel/scan.ts'),
};

/** @param {string} file */
function inProject(file) {
  return path.join(PROJECT, file);
}

/** @returns {Promise<boolean>} whether every file is what its source builds */
export async function checkWasm() {
  if (!(await install())) return false;
  let same = true;
  for (const [name, build] of Object.entries(BUILDS)) {
    const file = inProject(name);
    const is = existsSync(file) && readFileSync(file).equals(await build());
    if (!is) console.error(`${name} is not what its source builds: npm run wasm`);
    same &&= is;
  }
  return same;
}

/**
 * Assembles the text as it is: nothing is optimised, and no instruction moves.
 *
 * @param {string | Uint8Array} text in WebAssembly's text format
 */
async function assemble(text) {
  // Imported here, because `npm run check` starts before anything is installed.
  const { default: wabt } = await import('wabt');
  const { parseWat } = await wabt();
  const module = parseWat('module.wat', text, { simd: true, relaxed_simd: true, bulk_memory: true });
  module.validate();
  return module.toBinary({}).buffer;
}

/**
 * The text that a module's `moduleText` returns.
 *
 * @param {string} file TypeScript, which Node 20 does not read
 */
function generate(file) {
  const program = `
    import { moduleText } from ${JSON.stringify(pathToFileURL(inProject(file)).href)};
    process.stdout.write(moduleText());`;
  const options = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program];
  return execFileSync(makingNode(), options, { encoding: 'utf8', maxBuffer: MOST_TEXT_BYTES });
}

/**
 * Compiles AssemblyScript that has neither objects nor imports: its memory layout is written by hand.
 *
 * @param {string} source
 */
async function compile(source) {
  // The compiler takes a hundred megabytes, so it is installed only when the kernel is built.
  if (!(await install(KERNEL))) throw new Error('The compiler of AssemblyScript cannot be installed.');
  const folder = mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-wasm-'));
  try {
    const output = path.join(folder, 'out.wasm');
    const options = ['--runtime', 'stub', '--enable', 'simd', '-O3', '--noAssert', '--use', 'abort='];
    options.push('--maximumMemory', String(JPEG_PAGES));
    // Vectors are passed between files, but never out of the module.
    options.push('--disableWarning', '112');
    const code = await run(tool('assemblyscript', [source, '--outFile', output, ...options], 'asc', KERNEL));
    if (code !== 0) throw new Error(`${source} does not compile`);
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes('--check')) process.exitCode = (await checkWasm()) ? 0 : 1;
  else {
    for (const [name, build] of Object.entries(BUILDS)) writeFileSync(inProject(name), await build());
  }
}
