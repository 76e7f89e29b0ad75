/**
 * photon: small PNGs and GIFs.
 *
 * It reads other formats too, and not all of them right: of a JPEG that breaks off before its end-of-image marker it
 * shows the rest grey and says nothing; its VP8 is wrong where a WebP has one segment, which is 44 of 254 files of
 * others; of TIFF and BMP it reads some kinds only, for which there is a reader that reads them all.
 *
 * Memory as `node bench/photon-memory.ts` measures it for version 0.4.0: each at its worst.
 */
import type { GifHeader, ImageHeader } from '../header.ts';
import { isOverlong } from '../png/length.ts';
import { PHOTON_MEMORY_BYTES, pixelsInShare, withRows } from './account.ts';
import type { Cost, Share } from './cost.ts';
import { type Time, unitsOf } from './time.ts';
import type { WayRow } from './way.ts';

const MIB = 2 ** 20;

/** 200 pictures of mixed sizes in one instance ended at 1.11–1.20 times the costliest one alone. */
const FRAGMENTATION = 1.25;

export const PHOTON_SHARE: Share = {
  budgetBytes: PHOTON_MEMORY_BYTES / FRAGMENTATION,
  /** The instance itself, and tables and windows that do not grow with the picture. */
  fixedBytes: 2 * MIB,
};

/** photon's result is RGBA, and its decoder's own picture is freed only after that has been made. */
const RGBA = 4;

export const photonWay: WayRow = {
  decoder: 'photon',
  reads: (header) =>
    (header.format === 'png' && !isOverlong(header)) || (header.format === 'gif' && isWholeScreen(header)),
  shrink: () => 1,
  holds(header, _, fileBytes) {
    const cost = photonCost(header);
    return cost === undefined ? 0 : pixelsInShare(cost, withRows(PHOTON_SHARE, header), fileBytes);
  },
  units: (header, _, fileBytes) => unitsOf(photonTime(header), header, fileBytes),
};

function photonTime({ format, bitDepth }: ImageHeader): Time {
  if (format === 'gif') return { picture: 0.03, megapixel: 0.55, megabyte: 0.8 };
  return { picture: 0.03, megapixel: bitDepth === 16 ? 0.8 : 0.5, megabyte: 0.4 };
}

/** The first frame is the screen, in colours that the file has. */
function isWholeScreen({ width, height, frame, palette }: GifHeader): boolean {
  return (
    palette !== undefined &&
    frame.left === 0 &&
    frame.top === 0 &&
    frame.width === width &&
    frame.height === height
  );
}

/** @returns undefined for what photon is not used for. */
export function photonCost(header: ImageHeader): Cost | undefined {
  switch (header.format) {
    case 'png': {
      const components = header.colour === 'palette' ? 3 : header.components;
      const bytes = (components + (header.transparency ? 1 : 0)) * (header.bitDepth === 16 ? 2 : 1);
      return { perPixel: 2 * RGBA + bytes + 0.2, copies: 1 };
    }
    case 'gif':
      return { perPixel: 13.3, copies: 1 };
    default:
      return undefined;
  }
}
