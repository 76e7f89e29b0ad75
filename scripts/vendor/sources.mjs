/**
 * The sources of `vendor/network.wasm`, by SHA-256. Runs on Node 20, which the installation starts with.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT } from '../toolchain.mjs';

/** onnxruntime-web's module and its glue, whose one-letter names `plain.ts` uses. */
export const ORT_WASM = 'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm';
export const ORT_GLUE = 'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.mjs';

/** The files that `scripts/vendor/network/` was written for. */
const KNOWN = {
  [ORT_WASM]: '3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2',
  [ORT_GLUE]: 'e13f7f94fc51b4ca72b12faeb1ee95f4ace6dfbc8939bc718aabdc0a27c4299b',
};

const MODEL = ['model/mobilenet_v3_small.onnx', 'model/weights.json', 'model/weights.bin'];

/** Our replacements for some of the package's functions. */
export const KERNELS = 'src/inference/kernels/kernels.wasm';

/** The programs that make it. */
const MAKERS = 'scripts/vendor/network';

export const NETWORK_WASM = path.join(PROJECT, 'vendor', 'network.wasm');
export const NETWORK_JSON = path.join(PROJECT, 'vendor', 'network.json');

/** @typedef {Readonly<Record<string, string>>} Sources files and their SHA-256 */

/** @returns {Sources} as they are now */
export function sourcesNow() {
  const makers = readdirSync(path.join(PROJECT, MAKERS)).map((name) => `${MAKERS}/${name}`);
  const files = [ORT_WASM, ORT_GLUE, ...MODEL, KERNELS, `${MAKERS}.ts`, ...makers.sort()];
  return Object.fromEntries(files.map((file) => [file, sha256(file)]));
}

/** @param {Sources} sources @throws if the package's files are not the known ones */
export function checkKnown(sources) {
  for (const [file, known] of Object.entries(KNOWN)) {
    if (sources[file] !== known)
      throw new Error(`${file} has the SHA-256 ${sources[file]}: docs/upgrading.md says what to do.`);
  }
}

/**
 * @param {Sources} sources
 * @returns {boolean} whether the files in `vendor` were made from these
 */
export function madeOf(sources) {
  if (!existsSync(NETWORK_WASM) || !existsSync(NETWORK_JSON)) return false;
  const { sources: recorded = {} } = JSON.parse(readFileSync(NETWORK_JSON, 'utf8'));
  return Object.entries(sources).every(([file, hash]) => recorded[file] === hash);
}

/** @param {string} file */
function sha256(file) {
  return createHash('sha256')
    .update(readFileSync(path.join(PROJECT, file)))
    .digest('hex');
}
