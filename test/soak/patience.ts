/** Repeats requests that were refused temporarily, as a caller should. */
import { setTimeout as wait } from 'node:timers/promises';

/** The longest period of a rate limit is a minute. */
const MAX_TRIES = 5;
const DEFAULT_SECONDS = 1;

let refusals = 0;

/** How often this program was told to retry later. */
export function refusedForNow(): number {
  return refusals;
}

/** @returns the first answer that is not a 429, or the last one. */
export async function patiently(send: () => Promise<Response>): Promise<Response> {
  for (let tries = 1; ; tries++) {
    const response = await send();
    if (response.status !== 429 || tries === MAX_TRIES) return response;
    refusals++;
    await response.body?.cancel();
    await wait(1000 * (Number(response.headers.get('retry-after')) || DEFAULT_SECONDS));
  }
}
