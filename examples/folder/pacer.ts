/** Spaces requests within a rate limit: none is sent that would be refused, and none waits longer than needed. */

export interface Rate {
  readonly requests: number;
  readonly period_seconds: number;
}

/**
 * @param rate from `/v1/limits`; null if there is no rate limit.
 * @param now `performance.now()`, except in a test.
 * @returns how long to wait before the next request, in milliseconds; each call is a request.
 */
export function createPacer(rate: Rate | null, now: () => number = () => performance.now()): () => number {
  if (rate === null) return () => 0;
  const { requests, period_seconds } = rate;
  /** Times of the latest requests, as many as a period allows. */
  const times: number[] = [];
  return () => {
    const oldest = times.length < requests ? undefined : times.shift();
    const time = Math.max(now(), oldest === undefined ? 0 : oldest + period_seconds * 1000);
    times.push(time);
    return time - now();
  };
}
