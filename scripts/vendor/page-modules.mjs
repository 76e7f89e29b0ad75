/**
 * Bundles what runs both in pages and in the Worker as modules for pages: `src/page` to `public/vendor/page`. Runs on
 * Node 20, which the installation starts with.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { PROJECT } from '../toolchain.mjs';

/** Each is a file of `src/page`, and becomes a module without imports. */
const MODULES = ['taught', 'pile'];

/** The pages' policy allows no wasm: they get the file of the same name in `src/page` in place of this one. */
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
    // So that the page's own code is type-checked against the source and not against the bundle.
    writeIfNew(path.join(folder, `${name}.d.ts`), `export * from '../../../src/page/${name}.ts';\n`);
  }
}

/**
 * Bundles one entry point to one module.
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
 * Files that have not changed are not written, because `wrangler dev` watches the folder.
 *
 * @param {string} target
 * @param {string} text
 */
export function writeIfNew(target, text) {
  if (!existsSync(target) || readFileSync(target, 'utf8') !== text) writeFileSync(target, text);
}
