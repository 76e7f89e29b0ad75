/**
 * What handlers that cost CPU use, created for each request: the guard counts its bytes and notices when its caller
 * disconnects.
 */
import type { SeenCache } from '../cache/seen-cache.ts';
import type { Classifier } from '../classifier.ts';
import { createAllowance } from '../image/ways/allowance.ts';
import type { BatchLimits } from '../input/batch.ts';
import type { Hold } from '../input/in-flight.ts';
import type { FetchImage } from '../input/url/fetch.ts';
import { ANONYMOUS } from '../settings-lists.ts';
import { note, type RequestRecord } from './record.ts';

export interface HttpLimits extends BatchLimits {
  /** Largest body of numbers, in bytes: tensors as JSON or binary, and arrays of bytes. */
  readonly maxTensorBytes: number;
}

export interface Work {
  readonly classifier: Classifier;
  readonly limits: HttpLimits;
  /** Fetches a picture from its URL, if that is allowed, until the caller disconnects. */
  readonly fetchImage: FetchImage;
  /** Ends the work, because the reader of a streamed answer has stopped. */
  abandon(): void;
}

/** The caller closed the connection: thrown, because no answer can be sent. */
export class CallerGone extends Error {
  override name = 'CallerGone';
}

/** What is needed to create them, once per isolate. */
export interface WorkParts {
  readonly classifier: Classifier;
  readonly cache: SeenCache;
  readonly limits: Omit<HttpLimits, 'hold'>;
  readonly fetchImage: FetchImage;
  /** CPU time that the pictures of a request may take together, in the units of `image/ways/time.ts`. */
  readonly maxUnits: number;
}

export function createWork(
  { classifier, cache, limits, fetchImage, maxUnits }: WorkParts,
  hold: Hold,
  request: Request,
  record: RequestRecord,
): Work {
  const caller = createPresence(request.signal);
  const uncached = attended(classifier, caller);
  const cached = cache.before(uncached, {
    // Opened only if there is a cache.
    get origin() {
      return new URL(request.url).origin;
    },
    caller: record.caller ?? ANONYMOUS,
  });
  const watched = watchedFetch(fetchImage, caller);
  const allowance = createAllowance(maxUnits);
  let fetched = 0;

  return {
    classifier: {
      ...uncached,
      async see(bytes) {
        if (caller.isGone()) throw new CallerGone();
        // The platform counts lookups and fetches together, and a plan may allow 50 of them per request.
        const seen = await (fetched > 1 ? uncached : cached).see(bytes, await allowance.next());
        if (seen.ok) note(record, seen.value);
        return seen;
      },
    },
    limits: { ...limits, hold },
    fetchImage(...asked) {
      fetched++;
      return watched(...asked);
    },
    abandon: caller.abandon,
  };
}

/** Whether the caller still waits for the answer. */
interface Presence {
  isGone(): boolean;
  /** Aborted when the caller disconnects. Created on first use: most requests only read the flag. */
  signal(): AbortSignal;
  abandon(): void;
}

function createPresence(connection: AbortSignal): Presence {
  let abandoned = false;
  let controller: AbortController | undefined;
  return {
    isGone: () => abandoned || connection.aborted,
    signal() {
      controller ??= new AbortController();
      if (abandoned) controller.abort();
      return AbortSignal.any([connection, controller.signal]);
    },
    abandon() {
      abandoned = true;
      controller?.abort();
    },
  };
}

/** The classifier, which starts nothing for a caller that has disconnected. */
function attended(classifier: Classifier, caller: Presence): Classifier {
  return {
    warm: classifier.warm,
    async infer(input) {
      if (caller.isGone()) throw new CallerGone();
      return classifier.infer(input);
    },
    async see(bytes, share) {
      if (caller.isGone()) throw new CallerGone();
      return classifier.see(bytes, share);
    },
  };
}

/** Fetches, and stops when the caller disconnects. */
function watchedFetch(fetchImage: FetchImage, caller: Presence): FetchImage {
  return async (url, hold, until) => {
    if (caller.isGone()) throw new CallerGone();
    const gone = caller.signal();
    const file = await fetchImage(url, hold, until === undefined ? gone : AbortSignal.any([gone, until]));
    if (caller.isGone()) throw new CallerGone();
    return file;
  };
}
