/**
 * The account of time: what the ways cost in CPU.
 *
 * The unit is 0.4 of what the obvious composition takes for a request with a JPEG of 640×480 (photon's decode and
 * resize, and the plain float32 network in onnxruntime-web: `npm run bench -- requests`). It does not change when
 * this Worker becomes faster. Figures are of decoding and the resize alone, as `bench/decoders.ts` measures them.
 */
import type { Size } from '../header.ts';

/** Units for each picture, and for each megapixel of it. */
export interface Time {
  readonly picture: number;
  readonly megapixel: number;
}

export function unitsOf({ picture, megapixel }: Time, { width, height }: Size): number {
  return picture + (megapixel * width * height) / 1e6;
}
