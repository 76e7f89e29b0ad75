/**
 * photon: small PNGs and GIFs.
 *
 * It reads other formats too, but not all correctly: it shows the missing part of a truncated JPEG as grey, without an
 * error; its VP8 is wrong if a WebP has one segment, as 44 of 254 files of other encoders have; it reads only some
 * kinds of TIFF and BMP, for which there are readers of all kinds.
 *
 * Memory as `bench/photon-memory.ts` measures it for version 0.4.0, in the worst case.
 */
import type { GifHeader, ImageHeader } from '../header.ts';
import { isOverlong } from '../png/length.ts';
import { PHOTON_MEMORY_BYTES, pixelsInShare, withRows } from './account.ts';
import type { Cost, Share } from './cost.ts';
import { type Time, unitsOf } from './time.ts';
import type { WayRow } from './way.ts';

const MIB = 2 ** 20;

/** 200 pictures of mixed sizes in one instance took 1.11–1.20 times the costliest one alone. */
const FRAGMENTATION = 1.25;

export const PHOTON_SHARE: Share = {
  budgetBytes: PHOTON_MEMORY_BYTES / FRAGMENTATION,
  /** The instance itself, and tables and windows that do not grow with the picture. */
  fixedBytes: 2 * MIB,
};

/** photon returns RGBA, and frees its decoder's own picture only afterwards. */
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

/** Whether the first frame is the whole screen, in colours that the file defines. */
function isWholeScreen({ width, height, frame, palette }: GifHeader): boolean {
  return (
    palette !== undefined &&
    frame.left === 0 &&
    frame.top === 0 &&
    frame.width === width &&
    frame.height === height
  );
}

/** @returns undefined for pictures that photon is not used for. */
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
