/** By how much a picture may be reduced before the resize proper. */
import type { Size } from '../header.ts';
import { RESIZED_SHORT_SIDE } from '../resample/taps.ts';
import type { Shrink } from '../shrink.ts';

/**
 * Short side that a picture keeps when it is reduced before the resize proper, where there is a choice.
 *
 * Decoders scale with another filter than the resize, and the network sees the difference. Of 300 photos, enlarged to
 * 12 megapixels and stored as JPEG with grain, 299 keep the first class of full decoding when they are decoded at 1/4,
 * which leaves the resize a factor of 2.9 (`bench/jpeg-scales.ts`). So do 299 at 1/2, a factor of 5.9, and 297 at 1/8,
 * a factor of 1.5.
 */
export const SCALED_SHORT_SIDE = 2 * RESIZED_SHORT_SIDE;

/** The largest factor that leaves the short side this length. */
export function scaleFor(size: Size): Shrink {
  const room = shortSide(size) / SCALED_SHORT_SIDE;
  return room >= 8 ? 8 : room >= 4 ? 4 : room >= 2 ? 2 : 1;
}

export function shortSide({ width, height }: Size): number {
  return Math.min(width, height);
}
