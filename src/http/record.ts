/** Facts recorded while a request is processed, for the log and for `cache-status`. */
import type { Seen } from '../classifier.ts';
import type { FailureCode } from '../failure.ts';

/** The result of the cache lookup; `bypass` if there was none. */
export type CacheUse = 'hit' | 'miss' | 'bypass';

/** `several` if pictures differ. */
export interface RequestRecord {
  /** The name of a key, or `anonymous`; unset on routes without authentication. */
  caller?: string;
  /** Why it failed. */
  code?: FailureCode;
  /** Format of the picture. */
  format?: string;
  /** Bytes of the body, after decompression. */
  bytes: number;
  /** Pixels of all pictures together, and the number of pictures. */
  pixels: number;
  pictures: number;
  cache?: CacheUse | 'several';
  /** The way that decoded the pictures. */
  decoder?: string;
  /** If the answer is streamed after the handler returns: resolves at its end. */
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
