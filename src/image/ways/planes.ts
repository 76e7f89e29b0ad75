/**
 * Our own JPEG decoder: the ordinary ones, as cameras and programs write them for the most part.
 *
 * It lays its memory out by hand, and this is how (`src/image/jpeg/kernel.ts`).
 */
import type { ImageHeader } from '../header.ts';
import { layoutOf } from '../jpeg/layout.ts';
import { JPEG_MEMORY_BYTES, pixelsInShare } from './account.ts';
import type { Cost, Share } from './cost.ts';
import { unitsOf } from './time.ts';
import type { WayRow } from './way.ts';

export const JPEG_SHARE: Share = {
  budgetBytes: JPEG_MEMORY_BYTES,
  /**
   * Tables, what may be read behind the file, and what the resize works with: 18 bytes a pixel of the crop's width,
   * and 224 times 4 weights for each of the pixels that an output is made of, twice.
   */
  fixedBytes: 160 * 1024,
};

export const planesWay: WayRow = {
  decoder: 'planes',
  reads: (header) => header.format === 'jpeg' && header.mcu !== undefined,
  shrink: () => 1,
  holds(header, _, fileBytes) {
    const cost = jpegCost(header);
    return cost === undefined ? 0 : pixelsInShare(cost, JPEG_SHARE, fileBytes);
  },
  units: (header) => unitsOf({ picture: 0, megapixel: 0.4 }, header),
};

/** @returns undefined for what it does not decode. */
export function jpegCost(header: ImageHeader): Cost | undefined {
  const layout = header.format === 'jpeg' ? layoutOf(header) : undefined;
  return layout && { perPixel: layout.bytes / (header.width * header.height), copies: 1 };
}
