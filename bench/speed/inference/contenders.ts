/** Who runs a network, each in a process of its own: peers in Node, and our Worker in workerd. */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { PROJECT } from '../../../scripts/toolchain.mjs';
import { cpuMs, firstAnswer, type Server, startWorkerd } from '../../workerd.ts';
import { median } from '../statistics.ts';
import type { Peer } from './peers.ts';
import type { Order, Ran, Ready } from './process.ts';

/**
 * The Node that comes with the bench, whose V8 compiles as workerd's does: the one of Node 22 moves loads away from
 * where they are used, and is slow with kernels that count on their order. And as workerd does, it compares every
 * address with the memory's size.
 */
const NODE = path.join(PROJECT, 'bench', 'speed', 'node_modules', 'node', 'bin', 'node');
const AS_WORKERD = '--wasm-enforce-bounds-checks';

/** One read of a process's clock from outside is of so many runs. */
const RUNS_IN_A_REQUEST = 10;

export interface Contender {
  readonly name: string;
  readonly pid: number | undefined;
  /** Of one input; nothing where they are not told. */
  readonly logits: readonly number[];
  /** @returns CPU milliseconds of a run, in the middle of so many */
  run(times: number): Promise<number>;
  /** Of wasm memory, as far as it is known. */
  wasmBytes(): number;
  stop(): Promise<void>;
}

/** @throws when it does not run here. */
export async function inNode({ id, name }: Peer, input: string): Promise<Contender> {
  const child = fork(new URL('process.ts', import.meta.url), [id, input], {
    execPath: NODE,
    execArgv: [
      AS_WORKERD,
      '--disable-warning=ExperimentalWarning',
      '--import',
      path.join(PROJECT, 'bench/wasm-import.ts'),
    ],
    // They say much about themselves.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const { logits } = await next<Ready>(child);
  let bytes = 0;
  return {
    name,
    pid: child.pid,
    logits,
    async run(times) {
      const ran = next<Ran>(child);
      child.send({ runs: times } satisfies Order);
      const { cpuMs, wasmBytes } = await ran;
      bytes = wasmBytes;
      return median(cpuMs);
    },
    wasmBytes: () => bytes,
    async stop() {
      child.disconnect();
    },
  };
}

/** @param folder our Worker with its parts to be asked for by themselves */
export async function inWorkerd(folder: string): Promise<Contender> {
  const server: Server = await startWorkerd(folder);
  await (await firstAnswer(`${server.url}/healthz`)).text();
  return {
    name: 'ours in workerd',
    pid: server.pid,
    logits: [],
    async run() {
      const before = cpuMs(server.pid);
      const path = `/bench/inference?times=${RUNS_IN_A_REQUEST}`;
      const response = await fetch(server.url + path, { method: 'POST', body: 'nothing' });
      await response.text();
      if (!response.ok) throw new Error(`${path}: status ${response.status}`);
      return (cpuMs(server.pid) - before) / RUNS_IN_A_REQUEST;
    },
    wasmBytes: () => 0,
    stop: () => server.stop(),
  };
}

/** The child's next message, whose type its side declares. */
function next<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`its process ended with code ${code}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as T);
    });
  });
}
