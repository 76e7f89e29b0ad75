/** Sends again what was refused for now, as a caller should. */
import { setTimeout as wait } from 'node:timers/promises';

/** A limit's longest period is a minute. */
const MAX_TRIES = 5;
const DEFAULT_SECONDS = 1;

let refusals = 0;

/** How often this program was told to come back later. */
export function refusedForNow(): number {
  return refusals;
}

/** @returns the first answer that is no 429, or the last one. */
export async function patiently(send: () => Promise<Response>): Promise<Response> {
  for (let tries = 1; ; tries++) {
    const response = await send();
    if (response.status !== 429 || tries === MAX_TRIES) return response;
    refusals++;
    await response.body?.cancel();
    await wait(1000 * (Number(response.headers.get('retry-after')) || DEFAULT_SECONDS));
  }
}
