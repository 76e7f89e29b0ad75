/**
 * Whether a WebP has more groups of prefix codes than encoders write. Each costs libwebp tables, 3 to 4 µs, and there
 * may be 65,536 with 20 bits each: half a megabyte of them took 15 units of the account of time, of 1.3 (`npm run
 * cost`).
 */
import type { WebpHeader } from '../header.ts';
import { groupsOfAlpha } from './alpha.ts';
import { MAX_GROUPS } from './lossless/codes.ts';
import { groupsOfVp8l } from './lossless/vp8l.ts';
import { pictureChunks } from './picture-chunks.ts';

/** Reads no pixels, except those of the small pictures that precede them. */
export function hasTooManyGroups(bytes: Uint8Array, header: WebpHeader): boolean {
  const { lossless, alpha } = pictureChunks(bytes);
  const groups =
    lossless === undefined ? alpha && groupsOfAlpha(alpha, header) : groupsOfVp8l(lossless, header);
  return groups !== undefined && groups > MAX_GROUPS;
}
