/**
 * Prepares files from installed packages after every `npm install`. Copies what pages need to `public/vendor`, where
 * the Worker's static assets are; bundles the typed client there as `client.js`, which every deployment serves, and
 * `src/page` as modules for pages. Writes to `vendor` the OpenAPI document, and the wasm that is made from packages':
 * photon and the AV1 decoder, which use memory that is lent to them; magick with a maximum for its memory; and the
 * network's runtime with its session already created. At the end, wrangler writes the types of the bindings.
 *
 * The output is not committed. `--if-changed`, as wrangler runs it before it bundles, rebuilds the modules and
 * the document, and the network only if its sources have changed.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { run } from './process.mjs';
import { hasNode, PROJECT, tool } from './toolchain.mjs';
import { makeNetwork } from './vendor/make-network.mjs';
import { describedApi } from './vendor/openapi.mjs';
import { writeIfNew, writeModule, writePageModules } from './vendor/page-modules.mjs';
import { DECODERS, PAGE_FILES } from './vendor/shipped.mjs';
import { madeOf, sourcesNow } from './vendor/sources.mjs';

await writeModule(
  path.join(PROJECT, 'public', 'client.js'),
  path.join(PROJECT, 'client', 'client.ts'),
  'The client of this deployment',
);
await writePageModules();
mkdirSync(path.join(PROJECT, 'vendor'), { recursive: true });
// Without one, what is made of the model says so.
if (hasNode()) writeIfNew(inVendor('openapi.text'), await describedApi());
if (!process.argv.includes('--if-changed') || !madeOf(sourcesNow()) || !hasDecoders()) {
  copyPages();
  writeDecoders();
  // wrangler runs this program again if the network is out of date, so it would loop forever if this ended normally.
  if (await makeNetwork()) await writeTypes();
  else process.exitCode = 1;
}

/** The types of the bindings, so that editors find them; `npm run types` writes them again. */
async function writeTypes() {
  // A machine that only deploys may have installed without it.
  if (!existsSync(path.join(PROJECT, 'node_modules', 'wrangler'))) return;
  if ((await run(tool('wrangler', ['types']), { env: { WRANGLER_LOG: 'warn' } })) !== 0) process.exitCode = 1;
}

function copyPages() {
  for (const [name, files] of Object.entries(PAGE_FILES)) {
    const target = path.join(PROJECT, 'public', 'vendor', name);
    mkdirSync(target, { recursive: true });
    for (const file of files) cpSync(path.join(PROJECT, 'node_modules', name, file), path.join(target, file));
  }
}

/** @param {string} name */
function inVendor(name) {
  return path.join(PROJECT, 'vendor', name);
}

function hasDecoders() {
  return Object.keys(DECODERS).every((name) => existsSync(inVendor(name)));
}

function writeDecoders() {
  for (const [name, { file, sha256, rewrite }] of Object.entries(DECODERS)) {
    const module = readFileSync(path.join(PROJECT, 'node_modules', file));
    const found = createHash('sha256').update(module).digest('hex');
    if (found !== sha256) {
      throw new Error(`${file} has the SHA-256 ${found}: docs/upgrading.md says what to do.`);
    }
    writeFileSync(inVendor(name), rewrite(module));
  }
}
