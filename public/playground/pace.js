/** How fast frames of a camera may follow each other. */

/** Least time from one frame to the next: faster cannot be read. */
const PAUSE_MS = 300;

/** Of what a caller may ask in a period, how much frames may take: pictures want some too. */
const SHARE = 0.7;

/**
 * @param {import('./service.js').Limits | undefined} limits
 * @returns milliseconds
 */
export function pause(limits) {
  const rate = limits?.rate;
  return rate ? Math.max(PAUSE_MS, (1000 * rate.period_seconds) / (SHARE * rate.requests)) : PAUSE_MS;
}
