/** Checks files against the service's limits before they are uploaded. */
import { size } from './quantities.js';
import { Refusal } from './service.js';

/**
 * @param {File} file
 * @param {import('./service.js').Limits | undefined} limits
 */
export function tooLarge(file, limits) {
  if (!limits || file.size <= limits.image.max_bytes) return;
  throw new Refusal(
    'Too many bytes',
    `The file has ${size(file.size)}, and the limit here is ${size(limits.image.max_bytes)}. Save it smaller: a picture loses nothing at a short side of 512 pixels.`,
  );
}
