import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a classifier says about a photo: synsets, best first. Or why there is no answer. */
export type Answer = { readonly synsets: readonly string[] } | { readonly error: string };

/** A photo takes a tenth of a second; the first one also waits for the session. */
const REQUEST_MS = 60_000;
/** A deployed Worker limits each caller. Its limits are per 10 or 60 s, so the wait is that at most. */
const RETRIES = 3;
const MAX_WAIT_S = 60;

/** Posts a photo as it is, and takes the five best classes. */
export async function askWorker(url: string, file: string): Promise<Answer> {
  const body = await readFile(file);
  const { API_KEY } = process.env;
  const headers: Record<string, string> = API_KEY ? { authorization: `Bearer ${API_KEY}` } : {};
  const address = new URL('/v1/classify?top_k=5', url);
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

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  if (!response.ok) return { error: `${response.status} ${text.slice(0, 300)}` };
  const { predictions } = JSON.parse(text) as { predictions?: { synset: string }[] };
  if (!predictions?.length) return { error: `no predictions in ${text.slice(0, 300)}` };
  return { synsets: predictions.map(({ synset }) => synset) };
}
