/**
 * What a handler that costs CPU works with, made for each request: the guard counts its bytes and watches
 * whether its caller is still there.
 */
import type { Classifier, Seen } from '../classifier.ts';
import type { BatchLimits } from '../input/batch.ts';
import type { Hold } from '../input/in-flight.ts';
import type { FetchImage } from '../input/url/fetch.ts';
import type { RequestRecord } from './log.ts';

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
  readonly limits: Omit<HttpLimits, 'hold'>;
  readonly fetchImage: FetchImage;
}

export function createWork(
  { classifier, limits, fetchImage }: WorkParts,
  hold: Hold,
  signal: AbortSignal,
  record: RequestRecord,
): Work {
  const abandoned = new AbortController();
  const gone = AbortSignal.any([signal, abandoned.signal]);
  return {
    classifier: watched(classifier, gone, record),
    limits: { ...limits, hold },
    fetchImage: watchedFetch(fetchImage, gone),
    abandon: () => abandoned.abort(),
  };
}

/** The classifier, which starts nothing for a caller who has gone, and notes what it saw. */
function watched(classifier: Classifier, signal: AbortSignal, record: RequestRecord): Classifier {
  return {
    warm: classifier.warm,
    async infer(input) {
      if (signal.aborted) throw new CallerGone();
      return classifier.infer(input);
    },
    async see(bytes) {
      if (signal.aborted) throw new CallerGone();
      const seen = await classifier.see(bytes);
      if (seen.ok) note(record, seen.value);
      return seen;
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

function note(record: RequestRecord, { image }: Seen): void {
  record.pictures++;
  record.pixels += image.width * image.height;
  record.format = record.format === undefined || record.format === image.format ? image.format : 'several';
}
