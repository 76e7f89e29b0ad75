/**
 * Cached pictures are not decoded and classified again.
 *
 * What is kept is what the network made of a picture, before any option is applied: 8 kB, from which every
 * entry point, dialect and option is answered in well under a millisecond. So options are no part of the key, one
 * picture is one entry however it is asked about, and answers to different options cannot be taken for each
 * other. Failures are not kept: most are found in the header at no cost, they depend on limits that may be
 * raised, and one that was ours must not outlive its cause.
 *
 * The key is the SHA-256 of the file, the model's version and who asked. A caller never gets an entry of another
 * caller: a hit would tell one what the other has sent. Callers without a key cannot be told apart and share
 * their entries.
 *
 * The cache is the platform's Cache API: in one location, evicted at will, and without effect in some places.
 * The caller gets an answer in any case: every failure of the cache is a miss.
 */
import { waitUntil } from 'cloudflare:workers';
import { MODEL } from '../answer.ts';
import type { Classifier, Seen } from '../classifier.ts';
import { fail, ok } from '../failure.ts';
import { lookUpUnits } from '../image/ways/time.ts';
import { decodeEntry, encodeEntry } from './entry.ts';

/** Of `caches.open`: not the cache that the zone's own traffic is in. */
const CACHE_NAME = 'mobilenet-edge';

/** Goes up when an entry is written differently, and so leaves all older ones behind. */
const ENTRY_VERSION = 3;

/** A cache that takes longer than the work it saves is none. */
const LOOKUP_MILLISECONDS = 2000;

/** Whose entries are meant. */
export interface CacheScope {
  /**
   * Scheme and host the request came to: the platform advises against keys of another host. A lookup never
   * asks it for anything.
   */
  readonly origin: string;
  /** Letters, digits, `.`, `_` and `-`: a part of a path. */
  readonly caller: string;
}

export interface SeenCache {
  /** The classifier, asked only for what is not known yet. */
  before(classifier: Classifier, scope: CacheScope): Classifier;
}

export type OpenCache = () => Promise<Pick<Cache, 'match' | 'put'>>;

/**
 * @param seconds how long an entry is kept at most; 0 is off.
 * @param open the platform's, but in a test of its faults.
 */
export function createSeenCache(
  seconds: number,
  open: OpenCache = async () => caches.open(CACHE_NAME),
): SeenCache {
  let said = false;

  /** Once for each isolate: a cache that fails does so all the time. */
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
      // Without an age the platform keeps nothing, and what is private neither.
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

/** All of it stands in the path: a zone may be set to leave queries out of its keys. */
async function keyOf(bytes: Uint8Array, { origin, caller }: CacheScope): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `${origin}/seen/${ENTRY_VERSION}/${MODEL.version}/of-${caller}/${hash.toHex()}`;
}

/** @throws when it is not done in time. */
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
