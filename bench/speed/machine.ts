/** The machine and the versions that a run was measured with. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { PROJECT } from '../../scripts/toolchain.mjs';

const PACKAGES = ['workerd', 'onnxruntime-web', '@cf-wasm/photon', '@imagemagick/magick-wasm', 'sharp'];
const PEERS = ['node', 'onnxruntime-node', '@litertjs/core', '@tensorflow/tfjs-tflite', 'autocannon'];

export function machine(): string {
  const processors = cpus();
  const [load = 0] = loadavg();
  const from = (folder: string, names: readonly string[]) =>
    names.map((name) => `${name} ${versionOf(path.join(PROJECT, folder), name)}`);
  return [
    `${processors.length} × ${processors[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${type()} ${release()}`,
    `load average at the start ${load.toFixed(1)}`,
    [`Node ${process.versions.node}`, ...from('.', PACKAGES), ...from('bench/speed', PEERS)].join(', '),
  ].join('; ');
}

function versionOf(folder: string, name: string): string {
  const require = createRequire(path.join(folder, 'package.json'));
  const places = require.resolve.paths(name) ?? [];
  for (const place of places) {
    try {
      const text = readFileSync(path.join(place, name, 'package.json'), 'utf8');
      return String((JSON.parse(text) as { version?: unknown }).version);
    } catch {}
  }
  return 'unknown';
}
