/**
 * `node --import ../../wasm-import.ts process.ts PEER INPUT`: runs one network in its own process, so that networks
 * share neither memory nor compiled code. Runs it as often as the parent asks, and reports the CPU time of each run.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { wasmBytes } from '../memories.ts';
import { PEERS, peerFile } from './peers.ts';

export interface Order {
  readonly runs: number;
}

export interface Ready {
  readonly loadMs: number;
  readonly logits: readonly number[];
}

export interface Ran {
  readonly cpuMs: readonly number[];
  readonly wasmBytes: number;
}

const [id, inputFile = ''] = process.argv.slice(2);
const peer = PEERS.find((one) => one.id === id);
if (peer === undefined) throw new Error(`there is no peer ${id}`);

const start = performance.now();
const bytes = readFileSync(inputFile);
const input = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
const loaded = await peer.load(Float32Array.from(input), peerFile(peer));
const loadMs = performance.now() - start;
process.send?.({ loadMs, logits: [...(await loaded.run())] } satisfies Ready);

process.on('message', async ({ runs }: Order) => {
  const cpuMs: number[] = [];
  for (let i = 0; i < runs; i++) {
    const before = process.cpuUsage();
    await loaded.run();
    const { user, system } = process.cpuUsage(before);
    cpuMs.push((user + system) / 1000);
  }
  process.send?.({ cpuMs, wasmBytes: wasmBytes() } satisfies Ran);
});
process.on('disconnect', () => process.exit());
