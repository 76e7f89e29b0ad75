/**
 * Several concurrent callers, each with one request at a time. Each answer is compared with that of the request alone.
 *
 * A load generator from a library counts statuses and times. Here every answer is compared whole, a 429 is repeated
 * when it says so, and bodies have five forms, so a library would save only this loop.
 */
import { randomOf } from '../fuzz/random.ts';
import { type Answer, answerTo } from './answer.ts';
import type { Sample } from './growth.ts';
import type { Heap } from './heap.ts';
import { workerMiB } from './memory.ts';
import type { Call } from './traffic.ts';

export interface Known {
  readonly call: Call;
  readonly quiet: Answer;
}

export interface Outcome {
  readonly wrong: readonly string[];
  readonly serverErrors: readonly string[];
  readonly milliseconds: readonly number[];
  readonly pictures: number;
  readonly seconds: number;
  /** Resident memory of the Worker, and what V8 holds of it: empty if unknown. */
  readonly resident: readonly Sample[];
  readonly heap: readonly Sample[];
}

/** Samples in a run; each starts `ps`, which takes some milliseconds. */
const SAMPLES = 200;
const PROGRESS_EVERY = 1000;
/** A dead Worker fails every time. */
const MAX_WRONG = 20;
/** Seed of the callers' choices: the same in every run. */
const SEED = 1;

export async function load(
  url: string,
  known: readonly Known[],
  {
    requests,
    connections,
    heap,
  }: { readonly requests: number; readonly connections: number; readonly heap?: Heap | undefined },
): Promise<Outcome> {
  const wrong: string[] = [];
  const serverErrors: string[] = [];
  const milliseconds: number[] = [];
  const resident: Sample[] = [];
  const held: Sample[] = [];
  let [asked, pictures] = [0, 0];

  async function sample(): Promise<void> {
    const answered = milliseconds.length;
    const mebibytes = workerMiB();
    if (mebibytes !== undefined) resident.push({ answered, mebibytes });
    if (heap !== undefined) held.push({ answered, mebibytes: await heap.mebibytes() });
  }

  async function askOne({ call, quiet }: Known): Promise<void> {
    try {
      const answer = await answerTo(url, call);
      milliseconds.push(answer.milliseconds);
      if (answer.status >= 500)
        serverErrors.push(`${call.name}: ${answer.status} ${answer.text.slice(0, 200)}`);
      else if (answer.text !== quiet.text || answer.status !== quiet.status) {
        wrong.push(`${call.name}: ${answer.status} ${answer.text.slice(0, 200)}`);
      } else pictures += call.labels.length;
    } catch (error) {
      wrong.push(`${call.name}: ${error instanceof Error ? `${error.message} ${error.cause ?? ''}` : error}`);
    }
  }

  async function caller(number: number): Promise<void> {
    const random = randomOf(SEED, number);
    while (asked < requests && wrong.length + serverErrors.length < MAX_WRONG) {
      const turn = ++asked;
      await askOne(random.pick(known));
      if (turn % Math.ceil(requests / SAMPLES) === 0) await sample();
      if (turn % PROGRESS_EVERY === 0) console.log(`${turn} of ${requests}`);
    }
  }

  const begin = performance.now();
  await sample();
  await Promise.all(Array.from({ length: connections }, (_, i) => caller(i)));
  const seconds = (performance.now() - begin) / 1000;
  await sample();
  return { wrong, serverErrors, milliseconds, pictures, seconds, resident, heap: held };
}
