/**
 * A step of `npm run check`: installs a copy of the tree without running any package's script, as SECURITY.md
 * describes. It must then bundle what would be deployed, with your own Node.
 */
import { cpSync, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { run } from './process.mjs';
import { bundledNode, npm, PROJECT } from './toolchain.mjs';

const INSTALL_MS = 300_000;
const DEPLOY_MS = 180_000;
/** Generated or installed files, which the copy generates or installs again. */
const MADE = ['.git', '.wrangler', 'build', 'vendor', 'public/vendor', 'state'].map((name) =>
  path.join(PROJECT, name),
);

/** @param {string} source */
const copied = (source) => path.basename(source) !== 'node_modules' && !MADE.includes(source);

/**
 * @param {string} scratch
 * @returns {Promise<boolean>}
 */
export async function deployWithoutScripts(scratch) {
  const folder = path.join(scratch, 'without-scripts');
  cpSync(PROJECT, folder, { recursive: true, filter: copied });
  const made = path.join(folder, 'bundle');
  const install = npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  const deploy = npm(['run', 'deploy', '--', '--dry-run', '--outdir', made]);
  if ((await run(install, { cwd: folder, timeoutMs: INSTALL_MS })) !== 0) return false;
  if (existsSync(path.join(folder, path.relative(PROJECT, bundledNode)))) {
    console.error('A script has run: it brought a Node.');
    return false;
  }
  if ((await run(deploy, { cwd: folder, timeoutMs: DEPLOY_MS })) !== 0) return false;
  const wasm = readdirSync(made).filter((name) => name.endsWith('.wasm'));
  console.log(`${wasm.length} wasm modules are in the bundle.`);
  return wasm.length > 0;
}
