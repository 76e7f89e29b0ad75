/** Sends mutants one after the other, with a valid picture from time to time. */
import { workerMiB } from '../soak/memory.ts';
import { type Answer, ask, faultOf } from './ask.ts';
import { keep, MAX_FAILURES } from './failures.ts';
import { mutate } from './mutate.ts';
import { readByPeer } from './peer.ts';
import { checkHealth, type Quiet } from './quiet.ts';
import { randomOf } from './random.ts';
import { createTally, type Tally } from './tally.ts';

/** Mutants between two valid pictures. */
const HEALTH_EVERY = 200;
const PROGRESS_EVERY = 1000;

export interface Outcome {
  readonly tally: Tally;
  /** Mutants with an answer that no file should get, or without one. */
  readonly faults: readonly string[];
  /** Valid pictures in between. */
  readonly ailments: readonly string[];
  readonly healthChecks: number;
  readonly milliseconds: readonly number[];
  /** MiB that the Worker takes at every valid picture; empty if unknown. */
  readonly memory: readonly number[];
}

export async function run(
  url: string,
  quiet: readonly Quiet[],
  seed: number,
  count: number,
): Promise<Outcome> {
  const tally = createTally();
  const faults: string[] = [];
  const ailments: string[] = [];
  const milliseconds: number[] = [];
  const memory: number[] = [];
  let healthChecks = 0;

  async function checkUp(index: number): Promise<void> {
    const known = quiet[healthChecks++ % quiet.length];
    if (known === undefined) throw new Error('there are no seeds');
    await checkHealth(url, known).catch((error: unknown) => ailments.push(`after ${index}: ${said(error)}`));
    const mebibytes = workerMiB();
    if (mebibytes !== undefined) memory.push(mebibytes);
  }

  await checkUp(0);
  for (let index = 0; index < count; index++) {
    const random = randomOf(seed, index);
    const { seed: file } = random.pick(quiet);
    const { seed: other } = random.pick(quiet);
    const { bytes, recipe } = mutate(file, other, random);
    const [asked, peer] = await Promise.all([outcomeOf(url, bytes), readByPeer(file.format, bytes)]);
    if (asked.answer !== undefined) {
      tally.add(file.format, asked.answer, peer);
      milliseconds.push(asked.answer.milliseconds);
    }
    if (asked.fault !== undefined) {
      faults.push(keep(`${seed}-${index}`, bytes, `seed ${seed}, index ${index} (${recipe}) ${asked.fault}`));
    }
    if ((index + 1) % HEALTH_EVERY === 0 || index + 1 === count) await checkUp(index + 1);
    if ((index + 1) % PROGRESS_EVERY === 0) console.log(`${index + 1} of ${count}`);
    if (faults.length + ailments.length >= MAX_FAILURES) break;
  }
  return { tally, faults, ailments, healthChecks, milliseconds, memory };
}

/** The answer, and what is wrong with it; no answer is wrong too. */
export async function outcomeOf(
  url: string,
  bytes: Uint8Array,
  contentType?: string,
): Promise<{ answer?: Answer; fault?: string }> {
  try {
    const answer = await ask(url, bytes, contentType);
    const fault = faultOf(answer);
    return fault === undefined ? { answer } : { answer, fault };
  } catch (error) {
    return { fault: said(error) };
  }
}

function said(error: unknown): string {
  return error instanceof Error ? `${error.message} ${error.cause ?? ''}`.trim() : String(error);
}
