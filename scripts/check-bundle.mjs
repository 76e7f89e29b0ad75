import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { run } from './process.mjs';
import { tool } from './toolchain.mjs';

const MIB = 2 ** 20;

/**
 * The platform allows 64 MiB uncompressed. Seven wasm modules and a model take about 21, most of it the second decoder.
 * These bounds leave room for one of them to grow with a release, and catch a second copy or a build of the wrong
 * variant.
 */
const MAX_BYTES = 26 * MIB;
/** The compressed size determines the cost of an upload and of a cold start: about 8.6 MiB. */
const MAX_GZIP_BYTES = 10 * MIB;

/**
 * Bundles as for a deployment, and measures what would be uploaded.
 *
 * @param {string} scratch
 */
export async function deployDry(scratch) {
  const folder = path.join(scratch, 'bundle');
  if ((await run(tool('wrangler', ['deploy', '--dry-run', '--env=', '--outdir', folder]))) !== 0)
    return false;
  const uploaded = readdirSync(folder).filter((name) => name !== 'README.md' && !name.endsWith('.map'));
  const files = uploaded.map((name) => ({ name, bytes: readFileSync(path.join(folder, name)) }));
  for (const { name, bytes } of files) console.log(`${mebibytes(bytes.length).padStart(10)}  ${name}`);
  const all = Buffer.concat(files.map(({ bytes }) => bytes));
  return [
    within('uncompressed', all.length, MAX_BYTES),
    within('gzip', gzipSync(all).length, MAX_GZIP_BYTES),
    all.length > 0,
  ].every(Boolean);
}

/**
 * @param {string} what
 * @param {number} bytes
 * @param {number} bound
 */
function within(what, bytes, bound) {
  const fits = bytes <= bound;
  console.log(`${what}: ${mebibytes(bytes)}, ${fits ? 'within' : 'OVER'} the bound of ${mebibytes(bound)}`);
  return fits;
}

/** @param {number} bytes */
const mebibytes = (bytes) => `${(bytes / MIB).toFixed(2)} MiB`;
