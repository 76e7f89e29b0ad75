/**
 * What Cloudflare's rate-limiting binding does, for one process: so many of a key in a period, counted exactly, in
 * periods that follow each other. Who waits for the end of one can have twice as many around it, as there.
 */

/** Some 10 MB. Of more callers in a period, those who began first begin anew. */
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
