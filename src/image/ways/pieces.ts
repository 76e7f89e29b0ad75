/**
 * A TIFF of JPEG, some strips or tiles at a time: it takes the memory of one piece and of the assembled result. Time is
 * what bounds it.
 */
import type { TiffHeader } from '../header.ts';
import { hasPieces, piecePixels } from '../tiff/pieces.ts';
import { segmentCounts } from '../tiff/segments.ts';
import { MAX_PIXELS_IN_PARTS, pixelsBesideFile } from './account.ts';
import { magickWay } from './magick.ts';
import { scaleFor } from './scale.ts';
import { unitsOf } from './time.ts';
import type { WayRow } from './way.ts';

const RGB = 3;
/** A strip or a tile, whatever its size. */
const SEGMENT_UNITS = 0.001;

export const piecesWay: WayRow = {
  decoder: 'pieces',
  reads: (header) => header.format === 'tiff' && header.compression === 'jpeg' && hasPieces(header),
  shrink: scaleFor,
  holds(header, shrink, fileBytes) {
    if (header.format !== 'tiff' || magickWay.holds(pieceOf(header), 1, 0) < piecePixels(header)) return 0;
    return Math.min(MAX_PIXELS_IN_PARTS, pixelsBesideFile(fileBytes, RGB / shrink ** 2));
  },
  units(header, _, fileBytes) {
    if (header.format !== 'tiff') return 0;
    const { across, down } = segmentCounts(header);
    const padded = { width: across * header.segment.width, height: down * header.segment.height };
    // CMYK: `npm run cost -- --only cmyk`.
    const megapixel = header.photometric === 'cmyk' ? 4.2 : 1.7;
    const time = { picture: 0.3, megapixel, megabyte: 1.6 };
    return unitsOf(time, padded, fileBytes) + across * down * SEGMENT_UNITS;
  },
};

/** A piece is written as a file of its own, in addition to the one that was sent. */
function pieceOf(header: TiffHeader): TiffHeader {
  const { width } = header.segment;
  return { ...header, width, height: Math.ceil(piecePixels(header) / width) };
}
