/** Programs that run a network, each in its own process: others in Node, and our Worker in workerd. */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { PROJECT } from '../../../scripts/toolchain.mjs';
import { cpuMs, firstAnswer, type Server, startWorkerd } from '../../workerd.ts';
import { median } from '../statistics.ts';
import type { Peer } from './peers.ts';
import type { Order, Ran, Ready } from './process.ts';

/**
 * The Node that the bench installs, whose V8 compiles as workerd's does. That of Node 22 moves loads away from where
 * they are used, which slows kernels that rely on the order of loads. Like workerd, it is run with bounds checks on
 * every address.
 */
const NODE = path.join(PROJECT, 'bench', 'speed', 'node_modules', 'node', 'bin', 'node');
const AS_WORKERD = '--wasm-enforce-bounds-checks';

/** Runs between two reads of the process's CPU clock from outside. */
const RUNS_IN_A_REQUEST = 10;

export interface Contender {
  readonly name: string;
  readonly pid: number | undefined;
  /** For one input; undefined if they are not reported. */
  readonly logits: readonly number[];
  /** @returns CPU milliseconds per run: the median of this many */
  run(times: number): Promise<number>;
  /** Of wasm memory, if known. */
  wasmBytes(): number;
  stop(): Promise<void>;
}

/** @throws if it does not run here. */
export async function inNode({ id, name }: Peer, input: string): Promise<Contender> {
  const child = fork(new URL('process.ts', import.meta.url), [id, input], {
    execPath: NODE,
    execArgv: [
      AS_WORKERD,
      '--disable-warning=ExperimentalWarning',
      '--import',
      path.join(PROJECT, 'bench/wasm-import.ts'),
    ],
    // The packages print a lot.
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

/** @param folder our Worker, with its parts available one by one */
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

/** The child's next message; the child's side declares its type. */
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
