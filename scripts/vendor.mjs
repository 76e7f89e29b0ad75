/**
 * Copies what pages need from installed packages to `public/vendor`, where the Worker's static assets are, makes one
 * module of the typed client there, `client.js`, which every deployment serves, and writes to `vendor` the wasm that is
 * made of packages': the AV1 decoder, in a memory that is lent to it, and the network's runtime, as it is when its
 * session has been made.
 *
 * npm runs it after every install; what it writes is not committed. `--if-changed`, as wrangler runs it before it
 * bundles, makes the module anew, and the network only if it was made of other files than there are now.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { buildSync } from 'esbuild';
import { PROJECT } from './toolchain.mjs';
import { exportStack, handOutAnyLayout } from './vendor/av1.mjs';
import { lendMemory } from './vendor/lend-memory.mjs';
import { makeNetwork } from './vendor/make-network.mjs';
import { madeOf, sourcesNow } from './vendor/sources.mjs';

const FILES = {
  'swagger-ui-dist': [
    'swagger-ui.css',
    'swagger-ui-bundle.js',
    'swagger-ui-bundle.js.LICENSE.txt',
    'LICENSE',
    'NOTICE',
  ],
};

/** The AV1 decoder, and what `src/image/av1/dav1d.ts` was written for. */
const AV1 = {
  name: 'ogv',
  file: 'dist/ogv-decoder-video-av1-simd-wasm.wasm',
  sha256: '89a59e8cd67e5fd04890c6d49c2410f039a901c8424560a48fedadfff531f4a3',
};

writeClient();
if (!process.argv.includes('--if-changed') || !madeOf(sourcesNow())) {
  copyPages();
  mkdirSync(path.join(PROJECT, 'vendor'), { recursive: true });
  writeAv1();
  if (!(await makeNetwork())) process.exitCode = 1;
}

function copyPages() {
  for (const [name, files] of Object.entries(FILES)) {
    const target = path.join(PROJECT, 'public', 'vendor', name);
    mkdirSync(target, { recursive: true });
    for (const file of files) cpSync(path.join(PROJECT, 'node_modules', name, file), path.join(target, file));
  }
}

/** What is as it was is not written: `wrangler dev` watches the folder. */
function writeClient() {
  const entry = path.join(PROJECT, 'client', 'client.ts');
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    write: false,
  });
  const module = `// The client of this deployment: Apache-2.0, from mobilenet-edge.\n${outputFiles[0]?.text}`;
  const target = path.join(PROJECT, 'public', 'client.js');
  if (!existsSync(target) || readFileSync(target, 'utf8') !== module) writeFileSync(target, module);
}

function writeAv1() {
  const av1 = readFileSync(path.join(PROJECT, 'node_modules', AV1.name, AV1.file));
  const sha256 = createHash('sha256').update(av1).digest('hex');
  if (sha256 !== AV1.sha256) {
    throw new Error(`${AV1.name}/${AV1.file} has the SHA-256 ${sha256}: docs/upgrading.md says what to do.`);
  }
  const lent = lendMemory(handOutAnyLayout(av1), { from: 'a', name: 'memory' });
  writeFileSync(path.join(PROJECT, 'vendor', 'av1.wasm'), exportStack(lent, 'stack'));
}
