/**
 * What is copied or rewritten of installed packages for a deployment. Runs on Node 20, which the installation starts
 * with.
 */
import { exportStack, handOutAnyLayout } from './av1.mjs';
import { lendMemory } from './lend-memory.mjs';
import { withMaximum } from './memory-maximum.mjs';
import { growInLentMemory } from './photon.mjs';

/** What pages need, by package. */
export const PAGE_FILES = {
  'swagger-ui-dist': [
    'swagger-ui.css',
    'swagger-ui-bundle.js',
    'swagger-ui-bundle.js.LICENSE.txt',
    'LICENSE',
    'NOTICE',
  ],
};

/** magick's share of the isolate; `test/image/memory-maxima.test.ts` compares it with `src/image/ways/account.ts`. */
const MAGICK_BYTES = 40 * 2 ** 20;

/**
 * The decoders' modules: the files that `src/image` was written for, and how they are rewritten.
 *
 * @type {Readonly<Record<string, { file: string, sha256: string, rewrite: (module: Uint8Array) => Uint8Array }>>}
 */
export const DECODERS = {
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
