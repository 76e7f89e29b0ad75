/** What is found out about a request on its way, for the log and for `cache-status`. */
import type { Seen } from '../classifier.ts';
import type { FailureCode } from '../failure.ts';

/** The outcome of the lookup in the cache; `bypass` where there was none. */
export type CacheUse = 'hit' | 'miss' | 'bypass';

/** `several` stands for pictures that differ. */
export interface RequestRecord {
  /** The name of a key, or `anonymous`; unset on routes without authentication. */
  caller?: string;
  /** Why it failed. */
  code?: FailureCode;
  /** Of the picture. */
  format?: string;
  /** Of the body, any content encoding undone. */
  bytes: number;
  /** Of all pictures together, and how many there were. */
  pixels: number;
  pictures: number;
  cache?: CacheUse | 'several';
  /** Of the pictures that were decoded. */
  decoder?: string;
  /** Where the answer streams on after the handler: when it has ended. */
  until?: Promise<void>;
}

/** Adds a picture that was processed. */
export function note(record: RequestRecord, { image, decoder, cache }: Seen): void {
  record.pictures++;
  record.pixels += image.width * image.height;
  record.format = sameOrSeveral(record.format, image.format);
  record.cache = sameOrSeveral<CacheUse>(record.cache, cache ?? 'bypass');
  if (decoder !== undefined) record.decoder = sameOrSeveral(record.decoder, decoder);
}

function sameOrSeveral<T extends string>(before: T | 'several' | undefined, now: T): T | 'several' {
  return before === undefined || before === now ? now : 'several';
}
