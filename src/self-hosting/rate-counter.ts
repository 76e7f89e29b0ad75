/**
 * Cloudflare's rate-limiting binding for one process: a number of requests per key and period, counted exactly, in
 * consecutive periods. As on Cloudflare, a caller that waits for the end of a period can send twice as many around it.
 */

/** Some 10 MB. With more callers in a period, the counts of the earliest ones start again. */
const MOST_KEYS = 100_000;

/** @param now milliseconds; a Worker's clock stands still only while it computes. */
export function createRateCounter(
  limit: number,
  periodSeconds: number,
  now: () => number = Date.now,
): RateLimit {
  const counts = new Map<string, number>();
  let end = 0;

  return {
    async limit({ key }) {
      if (now() >= end) {
        counts.clear();
        end = now() + periodSeconds * 1000;
      }
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      if (counts.size > MOST_KEYS) {
        const [oldest] = counts.keys();
        if (oldest !== undefined) counts.delete(oldest);
      }
      return { success: count <= limit };
    },
  };
}
