/**
 * Copies what pages need from installed packages to `public/vendor`, where the Worker's static assets are, makes one
 * module of the typed client there, `client.js`, which every deployment serves, and writes to `vendor` the wasm that is
 * made of packages': photon and the AV1 decoder, in memories that are lent to them, magick with a bound on its memory,
 * and the network's runtime, as it is when its session has been made.
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
import { withMaximum } from './vendor/memory-maximum.mjs';
import { growInLentMemory } from './vendor/photon.mjs';
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

/** magick's share of the isolate: `test/image/memory-maxima.test.ts` holds it to `src/image/ways/account.ts`. */
const MAGICK_BYTES = 40 * 2 ** 20;

/**
 * The decoders' modules: what `src/image` was written for, and what is made of them.
 *
 * @type {Readonly<Record<string, { file: string, sha256: string, rewrite: (module: Uint8Array) => Uint8Array }>>}
 */
const DECODERS = {
  'av1.wasm': {
    file: 'ogv/dist/ogv-decoder-video-av1-simd-wasm.wasm',
    sha256: '89a59e8cd67e5fd04890c6d49c2410f039a901c8424560a48fedadfff531f4a3',
    rewrite: (av1) => exportStack(lendMemory(handOutAnyLayout(av1), { from: 'a', name: 'memory' }), 'stack'),
  },
  'photon.wasm': {
    file: '@cf-wasm/photon/dist/lib/photon_rs_bg.wasm',
    sha256: 'f477b87cbea0445c65fc7e580e89050190600379fcd44821cec67403483872b1',
    rewrite: (photon) =>
      lendMemory(growInLentMemory(photon, 'growthFailed'), { from: 'lent', name: 'memory' }),
  },
  'magick.wasm': {
    file: '@imagemagick/magick-wasm/dist/x86/magick.wasm',
    sha256: '5a4ed1017eda113144c86ae839c22c610afebcfebfa22b1da18e00e98d78b0f7',
    rewrite: (magick) => withMaximum(magick, MAGICK_BYTES),
  },
};

writeClient();
if (!process.argv.includes('--if-changed') || !madeOf(sourcesNow()) || !hasDecoders()) {
  copyPages();
  mkdirSync(path.join(PROJECT, 'vendor'), { recursive: true });
  writeDecoders();
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
