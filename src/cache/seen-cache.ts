/**
 * Caches the output of the network, so that a known picture is not decoded and classified again.
 *
 * An entry is the output before any option is applied: 8 kB, from which every entry point, dialect and option is
 * answered in well under a millisecond. So options are not part of the key, a picture has one entry whatever is asked
 * about it, and answers to different options cannot be confused. Failures are not cached: most are found in the header
 * at no cost, they depend on limits that may be raised, and an internal error must not outlive its cause.
 *
 * The key is made of the SHA-256 of the file, the model's version and the caller. A caller never gets another caller's
 * entry: a hit would reveal what the other has sent. Callers without a key cannot be told apart and share their
 * entries.
 *
 * The cache is the platform's Cache API: in one location, evicted at any time, and without effect in some places. Every
 * failure of the cache is a miss, so the caller gets an answer in any case.
 */
import { waitUntil } from 'cloudflare:workers';
import { MODEL } from '../answer.ts';
import type { Classifier, Seen } from '../classifier.ts';
import { fail, ok } from '../failure.ts';
import { lookUpUnits } from '../image/ways/time.ts';
import { decodeEntry, encodeEntry } from './entry.ts';

/** Name for `caches.open`: a cache separate from that of the zone's own traffic. */
const CACHE_NAME = 'mobilenet-edge';

/** Raised when the format of an entry changes, which abandons all older entries. */
const ENTRY_VERSION = 3;

/** A lookup that takes longer than the work it saves counts as a miss. */
const LOOKUP_MILLISECONDS = 2000;

/** The caller whose entries are used. */
export interface CacheScope {
  /**
   * Scheme and host of the request: the platform advises against keys of another host. A lookup never sends it
   * anything.
   */
  readonly origin: string;
  /** Letters, digits, `.`, `_` and `-`: used as a path segment. */
  readonly caller: string;
}

export interface SeenCache {
  /** The classifier, called only for what is not cached. */
  before(classifier: Classifier, scope: CacheScope): Classifier;
}

export type OpenCache = () => Promise<Pick<Cache, 'match' | 'put'>>;

/**
 * @param seconds how long an entry is kept at most; 0 turns the cache off.
 * @param open the platform's, except in tests of its faults.
 */
export function createSeenCache(
  seconds: number,
  open: OpenCache = async () => caches.open(CACHE_NAME),
): SeenCache {
  let said = false;

  /** Warns once per isolate, because a cache that fails does so all the time. */
  function say(error: unknown): void {
    if (said) return;
    said = true;
    const reason = error instanceof Error ? error.message : String(error);
    console.warn(
      JSON.stringify({ warning: `The cache failed, so pictures are classified again: ${reason}` }),
    );
  }

  async function lookUp(key: string): Promise<Seen | undefined> {
    try {
      const entry = await inTime(async () => (await (await open()).match(key))?.arrayBuffer());
      return entry && (await decodeEntry(key, entry));
    } catch (error) {
      say(error);
      return undefined;
    }
  }

  async function keep(key: string, seen: Seen): Promise<void> {
    try {
      // Without a max-age the platform stores nothing, and it does not store private responses either.
      const headers = { 'cache-control': `public, max-age=${seconds}` };
      await (await open()).put(key, new Response(await encodeEntry(key, seen), { headers }));
    } catch (error) {
      say(error);
    }
  }

  if (seconds === 0) return { before: (classifier) => classifier };
  return {
    before: (classifier, scope) => ({
      ...classifier,
      async see(bytes, share) {
        const refused = share?.take(lookUpUnits(bytes.byteLength));
        if (refused !== undefined) return fail(refused);
        const key = await keyOf(bytes, scope);
        const known = await lookUp(key);
        if (known !== undefined) return ok({ ...known, cache: 'hit' });
        const seen = await classifier.see(bytes, share);
        if (!seen.ok) return seen;
        waitUntil(keep(key, seen.value));
        return ok({ ...seen.value, cache: 'miss' });
      },
    }),
  };
}

/** Everything is in the path, because a zone may be set to leave queries out of its keys. */
async function keyOf(bytes: Uint8Array, { origin, caller }: CacheScope): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `${origin}/seen/${ENTRY_VERSION}/${MODEL.version}/of-${caller}/${hash.toHex()}`;
}

/** @throws if it is not done in time. */
async function inTime<T>(work: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`no answer within ${LOOKUP_MILLISECONDS} ms`)),
    LOOKUP_MILLISECONDS,
  );
  try {
    return await Promise.race([work(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
