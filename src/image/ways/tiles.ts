/**
 * A HEIF grid, tile by tile: it takes the memory of one tile, and of what the tiles are put together to. What bounds
 * it is time.
 */
import type { HeifHeader, ImageHeader } from '../header.ts';
import type { Shrink } from '../shrink.ts';
import { FILE_BYTES, MAX_PIXELS_IN_PARTS } from './account.ts';
import { magickWay } from './magick.ts';
import { SCALED_SHORT_SIDE, shortSide } from './scale.ts';
import { unitsOf } from './time.ts';
import type { WayRow } from './way.ts';

/** By how much decoded pixels may be made smaller across and down. */
const SHRINKS = [8, 4, 2] as const;
const RGB = 3;
/** Of what is kept for a file, for the picture that the tiles are put together to. */
const PART_OF_FILE = 1 / 4;

export const tilesWay: WayRow = {
  decoder: 'tiles',
  reads: (header) => gridOf(header) !== undefined,
  shrink(header): Shrink {
    const grid = gridOf(header);
    if (grid === undefined) return 1;
    return (
      SHRINKS.find(
        (by) =>
          grid.width % by === 0 && grid.height % by === 0 && shortSide(header) / by >= SCALED_SHORT_SIDE,
      ) ?? 1
    );
  },
  holds(header, shrink) {
    const grid = gridOf(header);
    if (grid === undefined || (header.format !== 'avif' && header.format !== 'heic')) return 0;
    const tile: HeifHeader = { ...header, width: grid.width, height: grid.height, grid: undefined };
    if (magickWay.holds(tile, 1, 0) < grid.width * grid.height) return 0;
    return Math.min(MAX_PIXELS_IN_PARTS, Math.floor(((FILE_BYTES * PART_OF_FILE) / RGB) * shrink ** 2));
  },
  units: (header) => unitsOf({ picture: 0.2, megapixel: 9 }, header),
};

function gridOf(header: ImageHeader): HeifHeader['grid'] {
  return header.format === 'avif' || header.format === 'heic' ? header.grid : undefined;
}
