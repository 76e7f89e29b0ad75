/**
 * What magick-wasm 0.0.43 takes, as `node bench/decoders.ts` measures it: each at its worst.
 *
 * Its memory is as new for every picture (`magick-instance.ts`), so there is no fragmentation to allow for.
 */

import type { HeifHeader, ImageHeader, JpegHeader, TiffHeader } from '../header.ts';
import type { Cost, Share } from './cost.ts';

const MIB = 2 ** 20;

/** To what magick's memory may grow: see `account.ts` for how the isolate's memory is divided. */
export const MAGICK_MEMORY_BYTES = 40 * MIB;

export const MAGICK_SHARE: Share = {
  budgetBytes: MAGICK_MEMORY_BYTES,
  /** 5.9 MiB after the start: the library's tables and the stack; rows and windows of a decoder. */
  fixedBytes: 6.5 * MIB,
};

/** A pixel in ImageMagick's own picture: a byte a channel. */
const RGB = 3;
const WITH_FOURTH = 4;

/** By which libjpeg can scale while it decodes; the library knows no others for sure. */
export type Denominator = 1 | 2 | 4 | 8;

/** @returns undefined for what magick is not used for. */
export function magickCost(header: ImageHeader, denominator: Denominator): Cost | undefined {
  switch (header.format) {
    case 'jpeg':
      return jpegCost(header, denominator);
    case 'png': {
      const alpha = header.transparency || header.colour === 'rgba' || header.colour === 'grey-alpha';
      // The picture is made opaque at first and then again with alpha, before the first is freed.
      const own = alpha ? RGB + WITH_FOURTH : header.colour === 'palette' ? WITH_FOURTH : RGB;
      const bytes = (header.components * header.bitDepth) / 8;
      const kind = header.bitDepth === 16 ? 'a 16-bit PNG' : 'a PNG';
      return { kind, perPixel: own + (header.progressive ? bytes : 0), copies: 1 };
    }
    case 'gif':
      // The library's picture, and the frame's indices into its palette.
      return { kind: 'a GIF', perPixel: WITH_FOURTH + 1, copies: 1 };
    case 'webp':
      // Two copies of the file, the decoder's RGBA and the library's picture; another picture in between when
      // it is lossless or has alpha.
      return header.compression === 'lossless'
        ? { kind: 'a lossless WebP', perPixel: 12, copies: 2 }
        : { kind: 'a WebP', perPixel: header.components === 4 ? 11 : 7.1, copies: 2 };
    case 'bmp':
      // The rows as they are stored, all of them, beside the picture; with a fourth channel made twice, as of a PNG.
      return {
        kind: 'a BMP',
        perPixel:
          header.components === 4 ? RGB + WITH_FOURTH + 4 : WITH_FOURTH + Math.max(1, header.components),
        copies: 1,
      };
    case 'tiff':
      return tiffCost(header);
    case 'avif':
    case 'heic':
      return heifCost(header);
    case 'ico':
      return undefined;
  }
}

/** Progressive: all coefficients, 2 bytes each. Sequential: some rows. And the picture as it comes out. */
function jpegCost(header: JpegHeader, denominator: Denominator): Cost {
  const samples = header.storedSamples / (header.width * header.height);
  // CMYK is converted to another picture.
  const out = (header.components === 4 ? 8 : RGB) / denominator ** 2;
  return header.progressive
    ? { kind: 'a progressive JPEG', perPixel: 2 * samples + out, copies: 1 }
    : { kind: 'a JPEG', perPixel: out, copies: 1 };
}

/**
 * The picture, made twice where it has a fourth channel, and some rows. YCbCr, as JPEG in TIFF has it, is read as
 * RGBA first: 7.7 bytes a pixel. Of strips, one as it is in the file; of
 * tiles, one in the file, decompressed and as RGBA: it may be larger than the picture.
 */
function tiffCost(header: TiffHeader): Cost {
  const { components, bitDepth, compression, photometric, segment, width, height } = header;
  const once = components >= 4 ? RGB + WITH_FOURTH : RGB + 2;
  const own = photometric === 'ycbcr' || compression === 'jpeg' ? once + WITH_FOURTH : once;
  const part = (segment.width * segment.height) / (width * height);
  if (segment.kind === 'strip') {
    return { kind: 'a TIFF', perPixel: own, copies: 1 + (compression === 'none' ? 0 : Math.min(1, part)) };
  }
  const tile = (2 * components * bitDepth) / 8 + WITH_FOURTH;
  return { kind: 'a TIFF', perPixel: own + part * tile, copies: 1 };
}

/**
 * AV1, of which what `av1-cost.ts` names goes elsewhere: 11 bytes a pixel for the tables of its blocks alone. HEVC: between 7.8 and 10.2, as the sizes divide.
 * Both: planes, RGB and the library's picture. Without chroma subsampling both take 3.5 more, which is
 * common in AVIF only and counted there always.
 */
function heifCost({ format, bitDepth, components }: HeifHeader): Cost {
  const [kind, perPixel] = format === 'avif' ? ['an AVIF', 24] : ['an HEIC', 10.3];
  const alpha = components === 2 || components === 4;
  return { kind, perPixel: perPixel + (bitDepth > 8 ? perPixel * 0.7 : 0) + (alpha ? 4 : 0), copies: 2 };
}
