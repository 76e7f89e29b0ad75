/**
 * Copies what pages need from installed packages to `public/vendor`, where the Worker's static assets are, and
 * the AV1 decoder to `vendor`, made to work in a memory that is lent to it.
 * npm runs it after every install; what it writes is not committed.
 */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { lendMemory } from './lend-memory.mjs';
import { PROJECT } from './toolchain.mjs';

const FILES = {
  'swagger-ui-dist': [
    'swagger-ui.css',
    'swagger-ui-bundle.js',
    'swagger-ui-bundle.js.LICENSE.txt',
    'LICENSE',
    'NOTICE',
  ],
};

for (const [name, files] of Object.entries(FILES)) {
  const target = path.join(PROJECT, 'public', 'vendor', name);
  mkdirSync(target, { recursive: true });
  for (const file of files) cpSync(path.join(PROJECT, 'node_modules', name, file), path.join(target, file));
}

/** The AV1 decoder, and what `src/image/av1/dav1d.ts` was written for. */
const AV1 = {
  name: 'ogv',
  file: 'dist/ogv-decoder-video-av1-simd-wasm.wasm',
  sha256: '89a59e8cd67e5fd04890c6d49c2410f039a901c8424560a48fedadfff531f4a3',
};

const av1 = readFileSync(path.join(PROJECT, 'node_modules', AV1.name, AV1.file));
const sha256 = createHash('sha256').update(av1).digest('hex');
if (sha256 !== AV1.sha256) {
  throw new Error(`${AV1.name}/${AV1.file} has the SHA-256 ${sha256}: docs/upgrading.md says what to do.`);
}
mkdirSync(path.join(PROJECT, 'vendor'), { recursive: true });
writeFileSync(path.join(PROJECT, 'vendor', 'av1.wasm'), lendMemory(av1, { from: 'a', name: 'memory' }));
