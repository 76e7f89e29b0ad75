/**
 * Our own readers, row by row: the whole picture is never there at once, only what it is made smaller to.
 *
 * That lies beside the file, in what is kept for a file of the largest size. What bounds the picture otherwise is time.
 */
import type { ImageHeader, WebpHeader } from '../header.ts';
import { MAX_PIXELS_IN_PARTS, pixelsBesideFile } from './account.ts';
import { scaleFor } from './scale.ts';
import { type Time, unitsOf } from './time.ts';
import type { WayRow } from './way.ts';

const MIB = 2 ** 20;
const RGB = 3;

/** Lossy WebP: the rows it is decoded in, at the longest side: 60 bytes a pixel of it, and some tables. */
const LOSSY_ROWS_BYTES = 1.25 * MIB;
/** Lossless WebP: what references reach, tables of prefix codes while they grow, their groups, some rows. */
const LOSSLESS_BYTES = 8.5 * MIB;
/** Lossless WebP: numbers for squares of 4×4 pixels at least: 1 byte, 4 and 2. */
const LOSSLESS_PER_PIXEL = 7 / 16;

export const webpRowsWay: WayRow = {
  decoder: 'rows',
  reads: (header) => header.format === 'webp' && !header.animated,
  shrink: scaleFor,
  holds(header, shrink, fileBytes) {
    if (header.format !== 'webp') return 0;
    const lossless = hasLossless(header);
    const fixed =
      (header.compression === 'lossless' ? 0 : LOSSY_ROWS_BYTES) + (lossless ? LOSSLESS_BYTES : 0);
    const perPixel = RGB / shrink ** 2 + (lossless ? LOSSLESS_PER_PIXEL : 0);
    return Math.min(MAX_PIXELS_IN_PARTS, pixelsBesideFile(fileBytes, perPixel, fixed));
  },
  units: (header) => unitsOf(webpTime(header), header),
};

/** Alpha is a lossless picture beside a lossy one. */
function hasLossless({ compression, components }: WebpHeader): boolean {
  return compression === 'lossless' || components === 4;
}

function webpTime(header: ImageHeader): Time {
  return header.format === 'webp' && hasLossless(header)
    ? { picture: 0.1, megapixel: 5.2 }
    : { picture: 0.1, megapixel: 3.3 };
}
