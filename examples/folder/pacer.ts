/** Requests within a rate limit: none is made that would be refused, and none waits that need not. */

export interface Rate {
  readonly requests: number;
  readonly period_seconds: number;
}

/**
 * @param rate of `/v1/limits`; null where there is no rate limit.
 * @param now as `performance.now()`, but in a test.
 * @returns how long to wait before the next request, in milliseconds; each call is a request.
 */
export function createPacer(rate: Rate | null, now: () => number = () => performance.now()): () => number {
  if (rate === null) return () => 0;
  const { requests, period_seconds } = rate;
  /** When the latest requests are made, as many as a period may have. */
  const times: number[] = [];
  return () => {
    const oldest = times.length < requests ? undefined : times.shift();
    const time = Math.max(now(), oldest === undefined ? 0 : oldest + period_seconds * 1000);
    times.push(time);
    return time - now();
  };
}
