/**
 * Several callers at once, each with one request at a time, and each answer held against the quiet one.
 *
 * A load generator from a library counts statuses and times. Here every answer is compared whole, a 429 is
 * sent again when it says so, and bodies are of five forms: what would be left to the library is this loop.
 */
import { randomOf } from '../fuzz/random.ts';
import { type Answer, answerTo } from './answer.ts';
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
  /** MiB the Worker takes at each sample, with the requests answered by then. */
  readonly memory: readonly { readonly answered: number; readonly mebibytes: number }[];
}

/** Samples in a run; each starts `ps`, which takes some milliseconds of everybody's time. */
const SAMPLES = 50;
const PROGRESS_EVERY = 1000;
/** A Worker that is gone fails always. */
const MAX_WRONG = 20;
/** Of the callers' choices: the same in every run. */
const SEED = 1;

export async function load(
  url: string,
  known: readonly Known[],
  { requests, connections }: { readonly requests: number; readonly connections: number },
): Promise<Outcome> {
  const wrong: string[] = [];
  const serverErrors: string[] = [];
  const milliseconds: number[] = [];
  const memory: { answered: number; mebibytes: number }[] = [];
  let [asked, pictures] = [0, 0];

  function sample(): void {
    const mebibytes = workerMiB();
    if (mebibytes !== undefined) memory.push({ answered: milliseconds.length, mebibytes });
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
      if (turn % Math.ceil(requests / SAMPLES) === 0) sample();
      if (turn % PROGRESS_EVERY === 0) console.log(`${turn} of ${requests}`);
    }
  }

  const begin = performance.now();
  sample();
  await Promise.all(Array.from({ length: connections }, (_, i) => caller(i)));
  const seconds = (performance.now() - begin) / 1000;
  sample();
  return { wrong, serverErrors, milliseconds, pictures, seconds, memory };
}
