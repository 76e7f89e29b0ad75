/**
 * Our own readers, row by row: only the reduced picture is ever in memory as a whole.
 *
 * It is held in addition to the file, in the memory reserved for a file of the largest size. Apart from that, time is
 * what limits the picture.
 */
import { bmpBytes } from '../bmp/decode.ts';
import { gifBytes } from '../gif/decode.ts';
import type { ImageHeader, Size, TiffHeader, WebpHeader } from '../header.ts';
import { pngBytes } from '../png/decode.ts';
import type { Shrink } from '../shrink.ts';
import { isOwn } from '../tiff/expand.ts';
import { tiffBytes } from '../tiff/memory.ts';
import { segmentCounts } from '../tiff/segments.ts';
import { MAX_PIXELS_IN_PARTS, pixelsBesideFile } from './account.ts';
import { scaleFor } from './scale.ts';
import { type Time, unitsOf } from './time.ts';
import type { WayRow } from './way.ts';

const MIB = 2 ** 20;
const RGB = 3;

/** For a 1-bit picture; a grey A4 page at 300 dpi has 8.7 million pixels. */
const MAX_DOTS_BYTES = 9e6;

/** Lossy WebP: the rows being decoded, at the longest side: 60 bytes per pixel of it, and some tables. */
const LOSSY_ROWS_BYTES = 1.25 * MIB;
/** Lossless WebP: the range of references, tables of prefix codes while they grow, their groups, some rows. */
const LOSSLESS_BYTES = 8.5 * MIB;
/** Lossless WebP: values for squares of at least 4×4 pixels: 1 byte, 4 and 2. */
const LOSSLESS_PER_PIXEL = 7 / 16;

export const rowsWay: WayRow = {
  decoder: 'rows',
  reads(header) {
    switch (header.format) {
      case 'png':
      case 'gif':
      case 'bmp':
        return true;
      case 'tiff':
        return isOwn(header.compression);
      case 'ico':
        return header.png === undefined;
      case 'webp':
        return !header.animated;
      default:
        return false;
    }
  },
  shrink: (header) => (header.bitDepth === 1 ? dotsShrink(header) : scaleFor(header)),
  holds(header, shrink, fileBytes) {
    if (header.format === 'webp') return webpPixels(header, shrink, fileBytes);
    const perPixel = bytesBesideFile(header, shrink, fileBytes) / (header.width * header.height);
    return Math.min(MAX_PIXELS_IN_PARTS, pixelsBesideFile(fileBytes, perPixel));
  },
  units: (header, shrink, fileBytes) =>
    unitsOf(timeOf(header), sizeOf(header), fileBytes) + segmentUnits(header) + (shrink === 1 ? 0 : 0.05),
};

/**
 * For black and white dots, which become grey for the network only if the resize itself still sees them: they are
 * reduced by no more than memory requires.
 */
function dotsShrink(header: ImageHeader): Shrink {
  const bytes = header.width * header.height * (header.format === 'tiff' ? 1 : RGB);
  const by = ([1, 2, 4] as const).find((one) => bytes <= MAX_DOTS_BYTES * one ** 2);
  return by ?? scaleFor(header);
}

function bytesBesideFile(header: ImageHeader, shrink: Shrink, fileBytes: number): number {
  switch (header.format) {
    case 'png':
      return pngBytes(header, shrink);
    case 'gif':
      return gifBytes(header, shrink);
    case 'bmp':
    case 'ico':
      return bmpBytes(header, shrink);
    case 'tiff':
      return tiffBytes(header, shrink, fileBytes);
    default:
      return Number.POSITIVE_INFINITY;
  }
}

function webpPixels(header: WebpHeader, shrink: Shrink, fileBytes: number): number {
  const lossless = hasLossless(header);
  const fixed = (header.compression === 'lossless' ? 0 : LOSSY_ROWS_BYTES) + (lossless ? LOSSLESS_BYTES : 0);
  const perPixel = RGB / shrink ** 2 + (lossless ? LOSSLESS_PER_PIXEL : 0);
  return Math.min(MAX_PIXELS_IN_PARTS, pixelsBesideFile(fileBytes, perPixel, fixed));
}

/** Alpha is a lossless picture that accompanies a lossy one. */
function hasLossless({ compression, components }: WebpHeader): boolean {
  return compression === 'lossless' || components === 4;
}

function timeOf(header: ImageHeader): Time {
  switch (header.format) {
    case 'webp':
      if (header.compression === 'lossless') return { picture: 0.1, megapixel: 4, megabyte: 1.5 };
      return { picture: 0.3, megapixel: hasLossless(header) ? 2.4 : 1.1, megabyte: 12 };
    case 'png':
      return { picture: 0.08, megapixel: 0.62 + 0.27 * bytesAPixel(header), megabyte: 1.35 };
    case 'gif':
      return { picture: 0.08, megapixel: 0.9, megabyte: 1.1 };
    case 'tiff':
      return tiffTime(header);
    default:
      return { picture: 0.05, megapixel: 1.5, megabyte: 0 };
  }
}

/** For a megabyte of stored data, and for one of decompressed data. */
const TIFF_CODING: Readonly<Record<TiffHeader['compression'], readonly [stored: number, made: number]>> = {
  none: [0, 0],
  packbits: [0, 0.08],
  lzw: [0.9, 0.17],
  deflate: [1.3, 0.22],
  'ccitt-rle': [5, 0],
  'ccitt-g3': [5, 0],
  'ccitt-g4': [5, 0],
  jpeg: [0, 0],
  'old-jpeg': [0, 0],
};

/** To convert a megapixel's samples to colours. */
const COLOURS: Partial<Record<TiffHeader['photometric'], number>> = {
  cielab: 4,
  icclab: 4,
  itulab: 4,
  cmyk: 0.5,
  ycbcr: 0.5,
  palette: 0.8,
};

/** Samples are unpacked and converted one by one. */
function tiffTime(header: TiffHeader): Time {
  const { compression, components, bitDepth, photometric, extraSamples, sampleFormat } = header;
  const [megabyte, made] = TIFF_CODING[compression];
  const isHalf = sampleFormat === 'float' && bitDepth < 32;
  const sample = bitDepth === 8 ? 0.17 : bitDepth < 8 ? 0.1 : isHalf ? 0.9 : 0.33;
  const colours = COLOURS[photometric] ?? 0;
  const alpha = extraSamples.some((one) => one !== 'unspecified') ? 1 : 0;
  const megapixel = 0.25 + components * sample + bytesAPixel(header) * made + colours + alpha;
  return { picture: 0.05, megapixel, megabyte };
}

/** For a strip or a tile, whatever its size: its position, and tables and windows of its compression. */
const SEGMENT_UNITS = 0.0005;
const DEFLATED_SEGMENT_UNITS = 0.0022;

function segmentUnits(header: ImageHeader): number {
  if (header.format !== 'tiff') return 0;
  const { across, down, planes } = segmentCounts(header);
  const each = header.compression === 'deflate' ? DEFLATED_SEGMENT_UNITS : SEGMENT_UNITS;
  return across * down * planes * each;
}

/**
 * Bytes of decompressed data: tiles extend beyond the picture, and their rows that are in it are decompressed whole.
 */
function sizeOf(header: ImageHeader): Size {
  if (header.format !== 'tiff') return header;
  return { width: segmentCounts(header).across * header.segment.width, height: header.height };
}

function bytesAPixel({ components, bitDepth }: ImageHeader): number {
  return (components * bitDepth) / 8;
}
