/**
 * ImageMagick: pictures that need its codecs, and those of other formats that photon has no memory for.
 *
 * Memory as `bench/decoders.ts` measures it for magick-wasm 0.0.43, in the worst case. Its memory is reset for every
 * picture (`magick-instance.ts`), so there is no fragmentation to allow for.
 */
import type { ImageHeader, JpegHeader, PngHeader, TiffHeader } from '../header.ts';
import { isOverlong } from '../png/length.ts';
import type { Shrink } from '../shrink.ts';
import { segmentCounts } from '../tiff/segments.ts';
import { MAGICK_MEMORY_BYTES, pixelsInShare, withRows } from './account.ts';
import type { Cost, Share } from './cost.ts';
import { scaleFor } from './scale.ts';
import { type Time, unitsOf } from './time.ts';
import type { WayRow } from './way.ts';

const MIB = 2 ** 20;

export const MAGICK_SHARE: Share = {
  budgetBytes: MAGICK_MEMORY_BYTES,
  /** 5.9 MiB after the start: the library's tables and the stack; rows and windows of a decoder. */
  fixedBytes: 6.5 * MIB,
};

/** A pixel in ImageMagick's own picture: one byte per channel. */
const RGB = 3;
const WITH_FOURTH = 4;

export const magickWay: WayRow = {
  decoder: 'magick',
  reads(header) {
    switch (header.format) {
      case 'jpeg':
        return header.bitDepth === 8;
      case 'webp':
        return !header.animated;
      case 'tiff':
        return isReadableTiff(header);
      case 'png':
        return !isOverlong(header);
      default:
        return false;
    }
  },
  /** libjpeg can scale while it decodes, except lossless JPEG. */
  shrink: (header) => (header.format === 'jpeg' && header.process !== 'lossless' ? scaleFor(header) : 1),
  holds(header, shrink, fileBytes) {
    const cost = magickCost(header, shrink);
    return cost === undefined ? 0 : pixelsInShare(cost, withRows(MAGICK_SHARE, header), fileBytes);
  },
  units: (header, shrink, fileBytes) =>
    unitsOf(magickTime(header, shrink), header, fileBytes) + segmentUnits(header),
};

/** A strip or a tile of a TIFF, whatever its size. */
const SEGMENT_UNITS = 0.0004;

function segmentUnits(header: ImageHeader): number {
  if (header.format !== 'tiff') return 0;
  const { across, down, planes } = segmentCounts(header);
  return across * down * planes * SEGMENT_UNITS;
}

/** JPEG in a TIFF, except tiles in CMYK, which magick does not decode. */
function isReadableTiff({ compression, photometric, segment }: TiffHeader): boolean {
  if (compression === 'old-jpeg') return true;
  return compression === 'jpeg' && !(photometric === 'cmyk' && segment.kind === 'tile');
}

/** JPEG in a TIFF. */
function tiffTime({ photometric, components }: TiffHeader): Time {
  if (photometric === 'cmyk') return { picture: 1, megapixel: 3.6, megabyte: 1.5 };
  return { picture: 0.25, megapixel: components === 1 ? 0.6 : 1.3, megabyte: 1.5 };
}

function magickTime(header: ImageHeader, shrink: Shrink): Time {
  switch (header.format) {
    case 'jpeg':
      return jpegTime(header, shrink);
    case 'webp':
      return header.compression === 'lossless'
        ? { picture: 0.1, megapixel: 1.4, megabyte: 0.8 }
        : { picture: 0.2, megapixel: header.components === 4 ? 1.9 : 1.1, megabyte: 6.3 };
    case 'png':
      return pngTime(header);
    case 'tiff':
      return tiffTime(header);
    default:
      return header.components === 4
        ? { picture: 1, megapixel: 2.2, megabyte: 1.5 }
        : { picture: 0.25, megapixel: 1.3, megabyte: 1.5 };
  }
}

/**
 * A scan is a pass over all blocks of its components. libjpeg writes progressive JPEGs with 10. Files with more are
 * made to cost time, and each scan may refine 63 coefficients of every block: `npm run bombs -- --only refinement`.
 */
const SCAN_MEGASAMPLE_UNITS = 0.04;
const USUAL_SCANS = 12;
const FURTHER_SCAN_MEGASAMPLE_UNITS = 0.14;

function jpegTime(header: JpegHeader, shrink: Shrink): Time {
  const { process, components, width, height, storedSamples, scans } = header;
  const samples = storedSamples / (width * height);
  const count = scans?.count ?? 1;
  const further = Math.max(0, count - USUAL_SCANS);
  const walks =
    samples * (SCAN_MEGASAMPLE_UNITS * (count - further) + FURTHER_SCAN_MEGASAMPLE_UNITS * further);
  const out = shrink === 1 ? 0.4 : shrink === 2 ? 0.3 : 0.15;
  if (components === 4) {
    return process === 'progressive'
      ? { picture: 1, megapixel: 0.3 + out + walks, megabyte: 1.4 }
      : { picture: 1.5, megapixel: 0.1 + out + walks, megabyte: 1 };
  }
  return process === 'progressive'
    ? { picture: 0.4, megapixel: 0.3 * out + walks, megabyte: 3.4 }
    : { picture: 0.4, megapixel: out + walks, megabyte: 1.5 };
}

/** ImageMagick makes its own picture from the library's rows; the less these are like RGB, the longer it takes. */
const PNG_MEGAPIXEL: Readonly<Record<PngHeader['colour'], number>> = {
  rgb: 0.8,
  palette: 1,
  grey: 1.15,
  rgba: 1.6,
  'grey-alpha': 1.6,
};

function pngTime({ colour, bitDepth, transparency, progressive }: PngHeader): Time {
  const deep = bitDepth === 16;
  const more = (deep ? 0.4 : 0) + (transparency ? 0.6 : 0) + (progressive ? 0.7 : 0);
  return { picture: 0.12, megapixel: PNG_MEGAPIXEL[colour] + more, megabyte: deep ? 0.66 : 0.5 };
}

/** @returns undefined for pictures that magick is not used for. */
export function magickCost(header: ImageHeader, shrink: Shrink): Cost | undefined {
  switch (header.format) {
    case 'jpeg':
      return jpegCost(header, shrink);
    case 'png': {
      const alpha = header.transparency || header.colour === 'rgba' || header.colour === 'grey-alpha';
      // The picture is first made opaque and then again with alpha, before the first one is freed.
      const own = alpha ? RGB + WITH_FOURTH : header.colour === 'palette' ? WITH_FOURTH : RGB;
      const bytes = (header.components * header.bitDepth) / 8;
      return { perPixel: own + (header.progressive ? bytes : 0), copies: 1 };
    }
    case 'webp':
      // Two copies of the file, the decoder's RGBA and the library's picture; an additional picture if it is lossless
      // or has alpha.
      return header.compression === 'lossless'
        ? { perPixel: 12, copies: 2 }
        : { perPixel: header.components === 4 ? 11 : 7.1, copies: 2 };
    case 'tiff':
      return tiffCost(header);
    default:
      return undefined;
  }
}

/** Progressive: all coefficients, 2 bytes each. Sequential: some rows. And the decoded picture. */
function jpegCost(header: JpegHeader, shrink: Shrink): Cost {
  const samples = header.storedSamples / (header.width * header.height);
  // CMYK is converted to another picture.
  const out = (header.components === 4 ? 8 : RGB) / shrink ** 2;
  return header.progressive || (header.scans?.count ?? 1) > 1
    ? { perPixel: 2 * samples + out, copies: 1 }
    : { perPixel: out, copies: 1 };
}

/**
 * JPEG in TIFF, in all forms that are read here. YCbCr is first read as RGBA, a strip or a tile at a time; measured for
 * strips of 1,024 rows and for tiles.
 */
function tiffCost({ components, photometric, segment }: TiffHeader): Cost {
  if (photometric === 'ycbcr') return { perPixel: segment.kind === 'tile' ? 11 : 10, copies: 1 };
  return { perPixel: components >= 4 ? RGB + WITH_FOURTH : RGB + 0.1, copies: 1 };
}
