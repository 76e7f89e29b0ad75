/** How fast frames of a camera may follow each other. */

/** Least time between two frames: faster changes cannot be read. */
const PAUSE_MS = 300;

/** Share of a caller's rate limit that frames may use: pictures need some too. */
const SHARE = 0.7;

/**
 * @param {import('./service.js').Limits | undefined} limits
 * @returns milliseconds
 */
export function pause(limits) {
  const rate = limits?.rate;
  return rate ? Math.max(PAUSE_MS, (1000 * rate.period_seconds) / (SHARE * rate.requests)) : PAUSE_MS;
}
