/**
 * `npm run bench -- [sections] [--quick] [--write]`: installs what `bench/speed` needs, builds the networks to compare
 * with if the source weights are there, and runs the sections.
 *
 * @usage bench/speed/bench.ts
 */
import './help.mjs';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { runCounted } from './counted.mjs';
import { install } from './install.mjs';
import { endChildrenOnSignal, run } from './process.mjs';
import { pythonWith } from './python.mjs';
import { SHARED, withoutShared } from './shared-data.mjs';
import { nodeBinary, PROJECT } from './toolchain.mjs';

const folder = path.join(PROJECT, 'bench', 'speed');
const peers = path.join(PROJECT, 'build', 'peers');
const PEER_FILES = ['float.onnx', 'float.tflite', 'int8.onnx'];

/** Half an hour on a quiet machine. */
const BENCH_MS = 3 * 3_600_000;
const PEERS_MS = 120_000;
/** A minute on a quiet machine. */
const GUARD_MS = 600_000;

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function bench(args) {
  if (!(await prepare())) return 1;
  const node = ['--disable-warning=ExperimentalWarning', path.join(folder, 'bench.ts')];
  return run({ command: nodeBinary(), args: [...node, ...args] }, { timeoutMs: BENCH_MS });
}

/** The step of the check: a few ratios, with a margin for noise. */
export async function guardSpeed() {
  const skipped = withoutShared(SHARED.weights);
  if (skipped) return skipped;
  if (!(await prepare())) return false;
  return runCounted(['bench/speed/guard.ts'], GUARD_MS);
}

async function prepare() {
  return (await install()) && (await install(folder)) && (await makePeers());
}

/** @returns {Promise<boolean>} whether the networks to compare with are there */
async function makePeers() {
  if (PEER_FILES.every((file) => existsSync(path.join(peers, file)))) return true;
  const missing = withoutShared(SHARED.weights);
  if (missing) {
    console.error(`The networks to compare with need the source weights: ${missing.skipped}.`);
    return false;
  }
  const python = await pythonWith(path.join(PROJECT, 'model', 'pipeline', 'requirements.txt'));
  if (!python) return false;
  const args = [path.join(folder, 'peers.py'), SHARED.weights, peers];
  return (await run({ command: python, args }, { env: { PYTHONPATH: PROJECT }, timeoutMs: PEERS_MS })) === 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  endChildrenOnSignal();
  process.exitCode = await bench(process.argv.slice(2));
}
