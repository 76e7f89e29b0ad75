/** What our own JPEG decoder takes: it lays its memory out by hand, and this is how (`src/image/jpeg/kernel.ts`). */
import type { ImageHeader } from '../header.ts';
import { layoutOf } from '../jpeg/layout.ts';
import type { Cost, Share } from './cost.ts';

/** To what its memory may grow: see `account.ts` for how the isolate's memory is divided. */
export const JPEG_MEMORY_BYTES = 40 * 65_536;

export const JPEG_SHARE: Share = {
  budgetBytes: JPEG_MEMORY_BYTES,
  /**
   * Tables, what may be read behind the file, and what the resize works with: 18 bytes a pixel of the crop's width,
   * and 224 times 4 weights for each of the pixels that an output is made of, twice.
   */
  fixedBytes: 160 * 1024,
};

/** @returns undefined for what it does not decode. */
export function jpegCost(header: ImageHeader): Cost | undefined {
  const layout = header.format === 'jpeg' ? layoutOf(header) : undefined;
  return layout && { kind: 'a JPEG', perPixel: layout.bytes / (header.width * header.height), copies: 1 };
}
