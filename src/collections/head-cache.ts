/**
 * Caches heads in the platform's Cache API, so that an isolate that does not have a collection yet does not request
 * megabytes from its object. Every failure is a miss.
 */
import { waitUntil } from 'cloudflare:workers';

/** A deleted collection's entry may remain this long, but cannot be found. */
const MAX_AGE_SECONDS = 3600;

const CACHE_NAME = 'mobilenet-edge';

export interface HeadCache {
  /** @param key known only to callers that may use the head. */
  find(key: string, origin: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  keep(key: string, origin: string, head: Uint8Array<ArrayBuffer>): void;
}

/** @param seconds how long an entry is kept at most; 0 turns the cache off. */
export function createHeadCache(
  seconds: number,
  open: () => Promise<Pick<Cache, 'match' | 'put'>> = async () => caches.open(CACHE_NAME),
): HeadCache {
  if (seconds === 0) return { find: async () => undefined, keep() {} };
  const age = Math.min(seconds, MAX_AGE_SECONDS);
  return {
    async find(key, origin) {
      try {
        const found = await (await open()).match(urlOf(key, origin));
        return found && new Uint8Array(await found.arrayBuffer());
      } catch {
        return undefined;
      }
    },
    keep(key, origin, head) {
      const headers = { 'cache-control': `public, max-age=${age}` };
      const put = async () => {
        try {
          await (await open()).put(urlOf(key, origin), new Response(head, { headers }));
        } catch {
          // Then the next isolate asks the object.
        }
      };
      waitUntil(put());
    },
  };
}

function urlOf(key: string, origin: string): string {
  return `${origin}/head/${key}`;
}
