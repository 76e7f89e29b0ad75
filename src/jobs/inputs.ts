/** Which keys of the bucket are pictures. */
import type { StoredObject } from './bucket.ts';

/**
 * @param outputs prefixes of results, of every job and of the pictures that are labelled as they come. A result is
 * never taken for a picture, or each would make another.
 */
export function isInput(key: string, outputs: readonly string[]): boolean {
  // What tools put into a bucket to show a folder.
  return !key.endsWith('/') && !outputs.some((prefix) => key.startsWith(prefix));
}

/** What every object that is written here carries: it tells a result even where its prefix is not known yet. */
export const RESULT_METADATA = { 'mobilenet-edge': 'result' };

export function isResult(object: Pick<StoredObject, 'customMetadata'>): boolean {
  return object.customMetadata?.['mobilenet-edge'] === RESULT_METADATA['mobilenet-edge'];
}
