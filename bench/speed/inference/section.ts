/** Inference alone: one prepared picture, one thread, all networks in turn. */
import '../../wasm-import.ts';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT } from '../../../scripts/toolchain.mjs';
import { draw } from '../../../test/pictures/encode.ts';
import { SPIDER_WEB } from '../../../test/pictures/scenes.ts';
import { shareCore } from '../core.ts';
import type { Effort } from '../effort.ts';
import { mib, type Table, withSpread } from '../report.ts';
import type { Bundles } from '../servers.ts';
import { ratio, spreadOf } from '../statistics.ts';
import { type Contender, inNode, inWorkerd } from './contenders.ts';
import { PEERS, PEERS_FOLDER } from './peers.ts';

/**
 * By then the engine's optimising compiler has compiled every function, the small ones of the runtime too: on a busy
 * machine, ours still took 4 to 8 % longer in runs 60 to 150 than after 250.
 */
const WARM_UP_RUNS = 300;
const RUNS_IN_A_ROUND = 3;
/** The id of our Worker; the others have their own. */
const WORKERD = 'workerd';

export interface Row {
  readonly id: string;
  readonly contender: Contender;
  /** CPU milliseconds per run, by round. */
  readonly rounds: readonly number[];
}

export interface Inference {
  readonly rows: readonly Row[];
  readonly failed: readonly string[];
}

export async function inference({ parts }: Bundles, { inferenceRounds }: Effort): Promise<Table> {
  const { rows, failed } = await measureInference(inferenceRounds, { parts });
  const roundsOf = (id: string) => rows.find((row) => row.id === id)?.rounds ?? [];
  const native = rows.find(({ id }) => id === 'native')?.contender.logits ?? [];
  const of = (rounds: readonly number[], id: string) => withSpread(ratio(rounds, roundsOf(id)), 2);
  const ours = (id: string) => ratio(roundsOf('ours'), roundsOf(id)).median.toFixed(2);
  return {
    title: 'Inference alone',
    about: `One thread, a process for each: peers in the Node of bench/speed, with bounds checked as workerd does, and ours in workerd too. CPU time of one run: the median of ${RUNS_IN_A_ROUND} in each of ${inferenceRounds} rounds, in workerd the mean of 10. A ratio is taken round by round; quartiles in parentheses.`,
    head: ['network', 'CPU ms', 'of LiteRT', 'of plain float32', 'wasm MiB', 'logits differ by'],
    rows: rows.map(({ contender, rounds }) => [
      contender.name,
      withSpread(spreadOf(rounds), 1),
      of(rounds, 'litert'),
      of(rounds, 'float'),
      contender.wasmBytes() > 0 ? mib(contender.wasmBytes()) : '–',
      native.length > 0 && contender.logits.length > 0
        ? largestDifference(contender.logits, native).toExponential(1)
        : '–',
    ]),
    notes: [...failed, `ours / native: ${ours('native')}`],
    summary: `ours / LiteRT: ${ours('litert')}`,
  };
}

/**
 * @param parts folder of our Worker with its parts, if it is to be measured in workerd too
 * @param ids networks to measure; all by default
 */
export async function measureInference(
  rounds: number,
  { parts, ids }: { readonly parts?: string; readonly ids?: readonly string[] },
): Promise<Inference> {
  const input = path.join(PROJECT, 'build', 'bench-input.f32');
  writeFileSync(input, await drawnInput());
  const failed: string[] = [];
  const running: { id: string; contender: Contender; rounds: number[] }[] = [];
  const join = async (id: string, contender: Promise<Contender>) => {
    running.push({ id, contender: await contender, rounds: [] });
  };
  try {
    for (const peer of PEERS.filter(({ id }) => ids?.includes(id) ?? true)) {
      if (peer.file !== undefined && !existsSync(path.join(PEERS_FOLDER, peer.file))) {
        failed.push(`${peer.name}: build/peers/${peer.file} is not there`);
        continue;
      }
      try {
        await join(peer.id, inNode(peer, input));
      } catch (error) {
        failed.push(`${peer.name} does not run here: ${error instanceof Error ? error.message : error}`);
      }
    }
    if (parts !== undefined) await join(WORKERD, inWorkerd(parts));
    for (let run = 0; run < WARM_UP_RUNS; run += RUNS_IN_A_ROUND)
      for (const { contender } of running) await contender.run(RUNS_IN_A_ROUND);
    for (let round = 0; round < rounds; round++) {
      // The order rotates, so that none always goes first or after the same other.
      const first = round % running.length;
      shareCore(
        running.map(({ contender }) => contender.pid),
        round,
      );
      for (const row of [...running.slice(first), ...running.slice(0, first)])
        row.rounds.push(await row.contender.run(RUNS_IN_A_ROUND));
    }
  } finally {
    for (const { contender } of running) await contender.stop();
  }
  return { rows: running, failed };
}

async function drawnInput(): Promise<Uint8Array> {
  // Imported after `wasm-import.ts`, without which Node does not read wasm as a module.
  const { toInput } = await import('../../../src/image/resample/resample.ts');
  const size = { width: 320, height: 240 };
  const rgb = await draw(SPIDER_WEB, size);
  const pixels = { data: rgb, ...size, layout: { bytesPerPixel: 3, grey: false } };
  return new Uint8Array(toInput(pixels, 1).buffer);
}

function largestDifference(one: readonly number[], other: readonly number[]): number {
  return Math.max(...one.map((value, i) => Math.abs(value - (other[i] ?? Number.NaN))));
}
