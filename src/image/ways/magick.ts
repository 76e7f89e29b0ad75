/**
 * ImageMagick: what needs its codecs, and pictures of other formats that photon has no room for.
 *
 * Memory as `node bench/decoders.ts` measures it for magick-wasm 0.0.43: each at its worst. Its memory is as new for
 * every picture (`magick-instance.ts`), so there is no fragmentation to allow for.
 */
import type { ImageHeader, JpegHeader, TiffHeader } from '../header.ts';
import type { Shrink } from '../shrink.ts';
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

/** A pixel in ImageMagick's own picture: a byte a channel. */
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
        return true;
      default:
        return false;
    }
  },
  /** libjpeg can scale while it decodes, but for what is coded without loss. */
  shrink: (header) => (header.format === 'jpeg' && header.process !== 'lossless' ? scaleFor(header) : 1),
  holds(header, shrink, fileBytes) {
    const cost = magickCost(header, shrink);
    return cost === undefined ? 0 : pixelsInShare(cost, withRows(MAGICK_SHARE, header), fileBytes);
  },
  units: (header, shrink) => unitsOf(magickTime(header, shrink), header),
};

/** Those of JPEG. Of tiles in CMYK it makes nothing. */
function isReadableTiff({ compression, photometric, segment }: TiffHeader): boolean {
  if (compression === 'old-jpeg') return true;
  return compression === 'jpeg' && !(photometric === 'cmyk' && segment.kind === 'tile');
}

function magickTime(header: ImageHeader, shrink: Shrink): Time {
  switch (header.format) {
    case 'jpeg':
      return { picture: 0.2, megapixel: shrink === 1 ? 1.5 : shrink === 2 ? 0.6 : 0.4 };
    case 'webp':
      return { picture: 0.2, megapixel: 2.5 };
    default:
      return { picture: 0.2, megapixel: 3 };
  }
}

/** @returns undefined for what magick is not used for. */
export function magickCost(header: ImageHeader, shrink: Shrink): Cost | undefined {
  switch (header.format) {
    case 'jpeg':
      return jpegCost(header, shrink);
    case 'png': {
      const alpha = header.transparency || header.colour === 'rgba' || header.colour === 'grey-alpha';
      // The picture is made opaque at first and then again with alpha, before the first is freed.
      const own = alpha ? RGB + WITH_FOURTH : header.colour === 'palette' ? WITH_FOURTH : RGB;
      const bytes = (header.components * header.bitDepth) / 8;
      return { perPixel: own + (header.progressive ? bytes : 0), copies: 1 };
    }
    case 'webp':
      // Two copies of the file, the decoder's RGBA and the library's picture; another picture in between when
      // it is lossless or has alpha.
      return header.compression === 'lossless'
        ? { perPixel: 12, copies: 2 }
        : { perPixel: header.components === 4 ? 11 : 7.1, copies: 2 };
    case 'tiff':
      return tiffCost(header);
    default:
      return undefined;
  }
}

/** Progressive: all coefficients, 2 bytes each. Sequential: some rows. And the picture as it comes out. */
function jpegCost(header: JpegHeader, shrink: Shrink): Cost {
  const samples = header.storedSamples / (header.width * header.height);
  // CMYK is converted to another picture.
  const out = (header.components === 4 ? 8 : RGB) / shrink ** 2;
  return header.progressive || (header.scans?.count ?? 1) > 1
    ? { perPixel: 2 * samples + out, copies: 1 }
    : { perPixel: out, copies: 1 };
}

/**
 * JPEG in TIFF, all that is read of it here. YCbCr is read as RGBA first, a strip or a tile at a time; measured for
 * strips of 1,024 rows and for tiles.
 */
function tiffCost({ components, photometric, segment }: TiffHeader): Cost {
  if (photometric === 'ycbcr') return { perPixel: segment.kind === 'tile' ? 11 : 10, copies: 1 };
  return { perPixel: components >= 4 ? RGB + WITH_FOURTH : RGB + 0.1, copies: 1 };
}
