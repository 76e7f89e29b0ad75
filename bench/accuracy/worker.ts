import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Classification } from '../../client/answers.ts';
import type { Tables } from './tree.ts';

/** A classifier's answer for a photo: synsets, best first; or why there is no answer. */
export type Answer = { readonly synsets: readonly string[] } | { readonly error: string };

/** The Worker's answer, with the scores of all classes. */
export type WorkerAnswer = (Answer & { readonly whole: Classification }) | { readonly error: string };

/** How many classes are compared. */
const TOP = 5;
/** A photo takes a tenth of a second; the first one also waits for the session. */
const REQUEST_MS = 60_000;
/** A deployed Worker limits each caller, in periods of 10 or 60 s, so the wait is at most that. */
const RETRIES = 3;
const MAX_WAIT_S = 60;

/** Sends a photo as it is. */
export async function askWorker(url: string, file: string): Promise<WorkerAnswer> {
  const body = await readFile(file);
  const { API_KEY } = process.env;
  const headers: Record<string, string> = API_KEY ? { authorization: `Bearer ${API_KEY}` } : {};
  const address = new URL('/v1/classify?top_k=1000', url);
  for (let attempt = 0; ; attempt++) {
    try {
      const signal = AbortSignal.timeout(REQUEST_MS);
      const response = await fetch(address, { method: 'POST', body, headers, signal });
      if (response.status !== 429 || attempt === RETRIES) return await readAnswer(response);
      await response.body?.cancel();
      await sleep(1000 * Math.min(Number(response.headers.get('retry-after')) || 1, MAX_WAIT_S));
    } catch (error) {
      return {
        error: error instanceof Error ? `${error.message} ${error.cause ?? ''}`.trim() : String(error),
      };
    }
  }
}

/** The classes and the groups that the Worker knows. */
export async function tablesOf(url: string): Promise<Tables> {
  const read = async <T>(path: string) => (await (await fetch(new URL(path, url))).json()) as T;
  return {
    labels: await read<Tables['labels']>('/v1/labels'),
    groups: await read<Tables['groups']>('/v1/groups'),
  };
}

async function readAnswer(response: Response): Promise<WorkerAnswer> {
  const text = await response.text();
  if (!response.ok) return { error: `${response.status} ${text.slice(0, 300)}` };
  const whole = JSON.parse(text) as Classification;
  if (!whole.predictions?.length) return { error: `no predictions in ${text.slice(0, 300)}` };
  return { synsets: whole.predictions.slice(0, TOP).map(({ synset }) => synset), whole };
}
