/**
 * What a handler that costs CPU works with, made for each request: the guard counts its bytes and watches
 * whether its caller is still there.
 */
import type { SeenCache } from '../cache/seen-cache.ts';
import type { Classifier } from '../classifier.ts';
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
  /** Gets a picture from its URL, where that is allowed, for as long as there is somebody to get it for. */
  readonly fetchImage: FetchImage;
  /** Ends it all: whoever read an answer as it was made has stopped. */
  abandon(): void;
}

/** The caller closed the connection: thrown, because there is nobody to answer. */
export class CallerGone extends Error {
  override name = 'CallerGone';
}

/** What works are made of, once per isolate. */
export interface WorkParts {
  readonly classifier: Classifier;
  readonly cache: SeenCache;
  readonly limits: Omit<HttpLimits, 'hold'>;
  readonly fetchImage: FetchImage;
}

export function createWork(
  { classifier, cache, limits, fetchImage }: WorkParts,
  hold: Hold,
  { signal, url }: Request,
  record: RequestRecord,
): Work {
  const abandoned = new AbortController();
  const gone = AbortSignal.any([signal, abandoned.signal]);
  const uncached = attended(classifier, gone);
  const cached = cache.before(uncached, { origin: new URL(url).origin, caller: record.caller ?? ANONYMOUS });
  const watched = watchedFetch(fetchImage, gone);
  let fetched = 0;

  return {
    classifier: {
      ...uncached,
      async see(bytes) {
        if (gone.aborted) throw new CallerGone();
        // The platform counts lookups and fetches together, and a plan may allow 50 of them a request.
        const seen = await (fetched > 1 ? uncached : cached).see(bytes);
        if (seen.ok) note(record, seen.value);
        return seen;
      },
    },
    limits: { ...limits, hold },
    fetchImage(...asked) {
      fetched++;
      return watched(...asked);
    },
    abandon: () => abandoned.abort(),
  };
}

/** The classifier, which starts nothing for a caller who has gone. */
function attended(classifier: Classifier, signal: AbortSignal): Classifier {
  return {
    warm: classifier.warm,
    async infer(input) {
      if (signal.aborted) throw new CallerGone();
      return classifier.infer(input);
    },
    async see(bytes) {
      if (signal.aborted) throw new CallerGone();
      return classifier.see(bytes);
    },
  };
}

/** Fetches, and stops when the caller goes. */
function watchedFetch(fetchImage: FetchImage, signal: AbortSignal): FetchImage {
  return async (url, hold, until) => {
    if (signal.aborted) throw new CallerGone();
    const file = await fetchImage(url, hold, until === undefined ? signal : AbortSignal.any([signal, until]));
    if (signal.aborted) throw new CallerGone();
    return file;
  };
}
