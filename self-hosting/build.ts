/**
 * Builds the Worker for your own machine: one program, which is workerd with the Worker inside, and the folder of pages
 * beside it.
 *
 *     node self-hosting/build.ts FOLDER
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import workerd from 'workerd';
import manifest from '../package.json' with { type: 'json' };
import { run } from '../scripts/process.mjs';
import { PROJECT, tool } from '../scripts/toolchain.mjs';
import { configuration } from './configuration.ts';

const [given] = process.argv.slice(2);
if (given === undefined) {
  console.error('usage: node self-hosting/build.ts FOLDER');
  process.exit(2);
}
const folder = path.resolve(given);
const bundle = path.join(folder, 'bundle');
rmSync(bundle, { recursive: true, force: true });
mkdirSync(bundle, { recursive: true });

const entry = path.join('src', 'self-hosting', 'worker.ts');
const code = await run(tool('wrangler', ['deploy', entry, '--dry-run', '--env=', '--outdir', bundle]));
if (code !== 0) process.exit(code);

const files = readdirSync(bundle);
const config = path.join(bundle, 'workerd.capnp');
writeFileSync(config, configuration(files, versionOf(files)));
compile(config, path.join(folder, program()));
copyPages(path.join(folder, 'pages'));
console.log(`${path.join(folder, program())} is the Worker, and ${path.join(folder, 'pages')} its pages.`);

/** The package's version, and part of the hash of the bundle's contents. */
function versionOf(names: readonly string[]): string {
  const hash = createHash('sha256');
  for (const name of names.filter((name) => !name.endsWith('.map')).sort()) {
    hash.update(readFileSync(path.join(bundle, name)));
  }
  return `${manifest.version}-${hash.digest('hex').slice(0, 8)}`;
}

function program(): string {
  return process.platform === 'win32' ? 'mobilenet-edge.exe' : 'mobilenet-edge';
}

/** Removed first: a running program cannot be overwritten, and keeps running from the removed file. */
function compile(config: string, target: string): void {
  rmSync(target, { force: true });
  const output = openSync(target, 'w');
  const { status } = spawnSync(workerd.default, ['compile', config], {
    stdio: ['ignore', output, 'inherit'],
  });
  closeSync(output);
  if (status !== 0) throw new Error(`workerd does not compile ${config}`);
  chmodSync(target, 0o755);
}

/** Except for the rules of their headers, which are in `src/self-hosting/pages.ts`. */
function copyPages(target: string): void {
  rmSync(target, { recursive: true, force: true });
  cpSync(path.join(PROJECT, 'public'), target, {
    recursive: true,
    filter: (file) => path.basename(file) !== '_headers',
  });
}
