/** Which keys of the bucket are pictures. */
import type { StoredObject } from './bucket.ts';

/**
 * @param outputs prefixes of results, of every job and of new pictures. A result is never taken for a picture, because
 *   otherwise each would produce another.
 */
export function isInput(key: string, outputs: readonly string[]): boolean {
  // Tools put such objects into a bucket to show a folder.
  return !key.endsWith('/') && !outputs.some((prefix) => key.startsWith(prefix));
}

/** Metadata of every object that is written here: it identifies a result even if its prefix is not known yet. */
export const RESULT_METADATA = { 'mobilenet-edge': 'result' };

export function isResult(object: Pick<StoredObject, 'customMetadata'>): boolean {
  return object.customMetadata?.['mobilenet-edge'] === RESULT_METADATA['mobilenet-edge'];
}
