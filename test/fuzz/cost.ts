/**
 * Breeds mutants for their cost: those that take the most CPU or memory for their bytes are kept and mutated further.
 *
 * The seed determines which are chosen; measurements determine which are kept, so another run ends with other files.
 * The worst ten are measured again before they are reported, and saved as files.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { mostTimes } from '../bombs/limits.ts';
import { classify, type Photo } from '../bombs/measure.ts';
import { openTarget, type Target } from '../bombs/target.ts';
import { openYardstick, type Yardstick } from '../bombs/yardstick.ts';
import { repairChecksums } from './checksums.ts';
import { keep } from './failures.ts';
import { GROWTH_NAMES, grow } from './grow.ts';
import { mutate } from './mutate.ts';
import { type Random, randomOf } from './random.ts';
import type { Format, Seed } from './seeds.ts';

/** Kept per format, so that cheap formats are not dropped. */
const KEPT_OF_A_FORMAT = 8;
/** Larger seeds cost what their pixels do, which is known from the header. */
const MAX_SEED_BYTES = 200_000;
/** Below this, a file costs what any request costs: a shorter one is no more of a bomb. */
const LEAST_BYTES = 2048;
/** This many MiB weigh as much as a request. */
const MIB_A_REQUEST = 4;
const WORST = 10;
/** Measurements of a file that is reported; the minimum counts, because the machine has other load. */
const TAKES = 3;
/** Consecutive mutations. */
const MAX_GROWTHS = 3;
const PROGRESS_EVERY = 200;
/** A refusal may be followed by garbage collection for earlier requests. */
const SETTLE_MS = 5;

export interface Costly {
  readonly name: string;
  readonly format: Format;
  readonly bytes: Uint8Array;
  /** The last mutation. */
  readonly recipe: string;
  /** Compressed size. */
  readonly sentBytes: number;
  readonly status: number;
  /** CPU as a multiple of a request with a 640×480 JPEG. */
  readonly times: number;
  readonly peakMiB: number;
}

export interface CostRun {
  readonly sent: number;
  readonly worst: readonly Costly[];
  readonly faults: readonly string[];
}

export async function breed(seeds: readonly Seed[], seed: number, count: number): Promise<CostRun> {
  const yardstick = await openYardstick();
  let target = await openTarget();
  try {
    let photo = await yardstick.measure(target);
    const most = await mostTimes(target.url);
    const kept = new Map<Format, Costly[]>();
    const faults: string[] = [];
    const note = async (one: Omit<Costly, 'status' | 'times' | 'peakMiB' | 'sentBytes'>) => {
      const cost = await costOf(target, one.bytes, photo);
      const costly = { ...one, ...cost };
      if (cost.status === 0) target = await anew(target, yardstick);
      const fault = faultOf(costly, most.picture);
      if (fault !== undefined)
        faults.push(keep(`cost-${seed}-${faults.length}`, one.bytes, `${one.recipe}: ${fault}`));
      const own = [...(kept.get(one.format) ?? []), costly];
      kept.set(one.format, own.toSorted((a, b) => scoreOf(b) - scoreOf(a)).slice(0, KEPT_OF_A_FORMAT));
    };

    for (const { name, format, bytes } of seeds) {
      if (bytes.length <= MAX_SEED_BYTES) await note({ name, format, bytes, recipe: name });
    }
    for (let index = 0; index < count; index++) {
      const random = randomOf(seed, index);
      const parent = random.pick(random.pick([...kept.values()]));
      await note({ ...parent, ...child(parent, seeds, random) });
      if ((index + 1) % PROGRESS_EVERY === 0) {
        console.log(`${index + 1} of ${count}`);
        photo = await yardstick.measure(target);
      }
    }
    const worst = [...kept.values()].flat().toSorted((a, b) => scoreOf(b) - scoreOf(a));
    return { sent: count, worst: await again(target, worst.slice(0, WORST), photo), faults };
  } finally {
    await target.close();
  }
}

/** Bytes that everything depends on are mutated rarely: otherwise few mutants of mutants would be read. */
function child(parent: Costly, seeds: readonly Seed[], random: Random): Pick<Costly, 'bytes' | 'recipe'> {
  const { name, format } = parent;
  let { bytes } = parent;
  const done: string[] = [];
  for (let steps = 1 + random.below(MAX_GROWTHS); steps > 0; steps--) {
    const growth = random.pick(GROWTH_NAMES);
    bytes = grow(growth, bytes, random, format);
    done.push(growth);
  }
  if (random.below(8) === 0) {
    const label = seeds.find((one) => one.name === name)?.label ?? '';
    const mutant = mutated({ name, format, bytes, label }, random.pick(seeds), random);
    if (mutant !== undefined) {
      bytes = mutant;
      done.push('mutated');
    }
  }
  return { bytes: repairChecksums(bytes), recipe: `${name}: …, ${done.join(', ')}` };
}

/** @returns undefined if the structure of the file cannot be followed any more. */
function mutated(seed: Seed, other: Seed, random: Random): Uint8Array | undefined {
  try {
    return mutate(seed, other, random).bytes;
  } catch {
    return undefined;
  }
}

async function costOf(
  target: Target,
  bytes: Uint8Array,
  photo: Photo,
): Promise<Pick<Costly, 'status' | 'times' | 'peakMiB' | 'sentBytes'>> {
  await wait(SETTLE_MS);
  target.resetPeak();
  const [resident, cpu] = [target.residentMiB(), target.cpuMs()];
  const answer = await classify(target.url, Uint8Array.from(bytes));
  const times = (target.cpuMs() - cpu) / photo.cpuMs;
  return {
    status: answer?.status ?? 0,
    times,
    peakMiB: Math.max(0, target.peakMiB() - resident),
    sentBytes: gzipSync(bytes).length,
  };
}

/** CPU above that of a small picture, and memory, per byte sent. */
function scoreOf({ times, peakMiB, sentBytes }: Costly): number {
  return Math.max(0, times - 1 + peakMiB / MIB_A_REQUEST) / Math.max(LEAST_BYTES, sentBytes);
}

async function again(target: Target, worst: readonly Costly[], photo: Photo): Promise<Costly[]> {
  const told: Costly[] = [];
  for (const one of worst) {
    const takes = [];
    for (let n = 0; n < TAKES; n++) takes.push(await costOf(target, one.bytes, photo));
    const times = Math.min(...takes.map((take) => take.times));
    const peakMiB = Math.min(...takes.map((take) => take.peakMiB));
    told.push({ ...one, times, peakMiB });
  }
  return told.toSorted((a, b) => scoreOf(b) - scoreOf(a));
}

function faultOf({ status, times }: Costly, most: number): string | undefined {
  if (status === 0) return 'no answer in time';
  if (status >= 500) return `answered ${status}`;
  return times > most
    ? `cost ${times.toFixed(0)} times a JPEG of 640×480, over ${most.toFixed(0)}`
    : undefined;
}

async function anew(target: Target, yardstick: Yardstick): Promise<Target> {
  await target.close();
  const next = await openTarget();
  await yardstick.measure(next);
  return next;
}
