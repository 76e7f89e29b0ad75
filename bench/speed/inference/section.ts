/** Inference alone: one prepared picture, one thread, every network in turn. */
import '../../wasm-import.ts';
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT } from '../../../scripts/toolchain.mjs';
import { draw } from '../../../test/pictures/encode.ts';
import { SPIDER_WEB } from '../../../test/pictures/scenes.ts';
import { shareCore } from '../core.ts';
import type { Effort } from '../effort.ts';
import { mib, type Table, withSpread } from '../report.ts';
import { median, ratio, spreadOf } from '../statistics.ts';
import { PEERS, PEERS_FOLDER, type Peer } from './peers.ts';
import type { Order, Ran, Ready } from './process.ts';

/** The engine's optimising compiler has seen every kernel by then. */
const WARM_UP_RUNS = 30;
const RUNS_IN_A_ROUND = 3;

export interface Row {
  readonly peer: Peer;
  readonly ready: Ready;
  /** CPU milliseconds of a run, by round. */
  readonly rounds: readonly number[];
  readonly wasmBytes: number;
}

export interface Inference {
  readonly rows: readonly Row[];
  readonly failed: readonly string[];
}

export async function inference({ inferenceRounds }: Effort): Promise<Table> {
  const { rows, failed } = await measureInference(inferenceRounds);
  const plain = rows.find(({ peer }) => peer.id === 'float');
  const native = rows.find(({ peer }) => peer.id === 'native');
  return {
    title: 'Inference alone',
    about: `In Node, one thread, a process for each; CPU time of one run: the median of ${RUNS_IN_A_ROUND} in each of ${inferenceRounds} rounds. A ratio is taken round by round; quartiles in parentheses.`,
    head: ['network', 'CPU ms', 'of plain float32', 'wasm MiB', 'logits differ by'],
    rows: rows.map(({ peer, ready, rounds, wasmBytes }) => [
      peer.name,
      withSpread(spreadOf(rounds), 1),
      plain ? withSpread(ratio(rounds, plain.rounds), 2) : '–',
      wasmBytes > 0 ? mib(wasmBytes) : '–',
      native ? largestDifference(ready.logits, native.ready.logits).toExponential(1) : '–',
    ]),
    notes: failed,
  };
}

export async function measureInference(rounds: number, ids?: readonly string[]): Promise<Inference> {
  const input = path.join(PROJECT, 'build', 'bench-input.f32');
  writeFileSync(input, await drawnInput());
  const failed: string[] = [];
  const running: { peer: Peer; child: ChildProcess; ready: Ready; rounds: number[]; wasmBytes: number }[] =
    [];
  try {
    for (const peer of PEERS.filter(({ id }) => ids?.includes(id) ?? true)) {
      if (peer.file !== undefined && !existsSync(path.join(PEERS_FOLDER, peer.file))) {
        failed.push(`${peer.name}: build/peers/${peer.file} is not there`);
        continue;
      }
      const child = startPeer(peer, input);
      try {
        const ready = await next<Ready>(child);
        running.push({ peer, child, ready, rounds: [], wasmBytes: 0 });
      } catch (error) {
        failed.push(`${peer.name} does not run here: ${error instanceof Error ? error.message : error}`);
      }
    }
    for (const { child } of running) await order(child, WARM_UP_RUNS);
    for (let round = 0; round < rounds; round++) {
      // Nobody always goes first, or always after the same other.
      const first = round % running.length;
      shareCore(
        running.map(({ child }) => child.pid),
        round,
      );
      for (const row of [...running.slice(first), ...running.slice(0, first)]) {
        const { cpuMs, wasmBytes } = await order(row.child, RUNS_IN_A_ROUND);
        row.rounds.push(median(cpuMs));
        row.wasmBytes = wasmBytes;
      }
    }
  } finally {
    for (const { child } of running) child.disconnect();
  }
  return { rows: running, failed };
}

function startPeer({ id }: Peer, input: string): ChildProcess {
  return fork(new URL('process.ts', import.meta.url), [id, input], {
    execArgv: [
      '--disable-warning=ExperimentalWarning',
      '--import',
      path.join(PROJECT, 'bench/wasm-import.ts'),
    ],
    // They say much about themselves.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

function order(child: ChildProcess, runs: number): Promise<Ran> {
  const ran = next<Ran>(child);
  child.send({ runs } satisfies Order);
  return ran;
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

async function drawnInput(): Promise<Uint8Array> {
  // Not before `wasm-import.ts`, without which Node takes wasm for something else.
  const { toInput } = await import('../../../src/image/resample/resample.ts');
  const size = { width: 320, height: 240 };
  const rgb = await draw(SPIDER_WEB, size);
  const pixels = { data: rgb, ...size, layout: { bytesPerPixel: 3, grey: false } };
  return new Uint8Array(toInput(pixels, 1).buffer);
}

function largestDifference(one: readonly number[], other: readonly number[]): number {
  return Math.max(...one.map((value, i) => Math.abs(value - (other[i] ?? Number.NaN))));
}
