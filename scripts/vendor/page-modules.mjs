/**
 * What runs in a page and in the Worker alike, as modules for pages: of `src/page`, in `public/vendor/page`. Runs on Node
 * 20: the installation begins here.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { PROJECT } from '../toolchain.mjs';

/** Each is a file of `src/page`, and becomes a module that needs no other. */
const MODULES = ['taught', 'pile'];

/** The policy of the pages allows no wasm: in place of this file they get the one of the same name in `src/page`. */
const WASM = path.join(PROJECT, 'src', 'collections', 'kernel-instance.ts');
const IN_SCRIPT = path.join(PROJECT, 'src', 'page', 'kernel-instance.ts');

/** @type {import('esbuild').Plugin} */
const withoutWasm = {
  name: 'without-wasm',
  setup({ onResolve }) {
    onResolve({ filter: /\/kernel-instance\.ts$/ }, ({ path: file, resolveDir }) =>
      path.join(resolveDir, file) === WASM ? { path: IN_SCRIPT } : undefined,
    );
  },
};

export async function writePageModules() {
  const folder = path.join(PROJECT, 'public', 'vendor', 'page');
  mkdirSync(folder, { recursive: true });
  for (const name of MODULES) {
    const entry = path.join(PROJECT, 'src', 'page', `${name}.ts`);
    await writeModule(path.join(folder, `${name}.js`), entry, 'What is in a page as in the Worker');
    // So that the page's own code is checked against the source, not against what is made of it.
    writeIfNew(path.join(folder, `${name}.d.ts`), `export * from '../../../src/page/${name}.ts';\n`);
  }
}

/**
 * Bundles to one module.
 *
 * @param {string} target
 * @param {string} entry
 * @param {string} what it is, for its first line
 */
export async function writeModule(target, entry, what) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    plugins: [withoutWasm],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    write: false,
  });
  writeIfNew(target, `// ${what}: Apache-2.0, from mobilenet-edge.\n${outputFiles[0]?.text}`);
}

/**
 * What is as it was is not written: `wrangler dev` watches the folder.
 *
 * @param {string} target
 * @param {string} text
 */
function writeIfNew(target, text) {
  if (!existsSync(target) || readFileSync(target, 'utf8') !== text) writeFileSync(target, text);
}
