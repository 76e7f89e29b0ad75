/**
 * The memory account: what decoding a picture will cost, from its header alone, and whether it fits.
 *
 * An isolate has 128 MB for everything, and a wasm memory never shrinks: what each part has ever taken is
 * there at every later moment. So the parts together stay within 104.5 MiB (110 MB), and the rest is V8's:
 *
 * | MiB | for |
 * |---|---|
 * | 28 | the runtime with its weights (`model/README.md`), made before anything is decoded |
 * | 20 | a file of the largest size, in the body that brought it |
 * | 10 | photon's memory |
 * | 2.5 | the memory of our own JPEG decoder |
 * | 40 | magick's memory |
 * | 4 | what magick's memory is put back to before every picture: 3.3 measured; and the resize's 0.5 |
 *
 * The more photon may take, the less is left for the large pictures that only magick can hold; photon needs
 * no more than what it decodes as fast as magick does, as `ways.ts` has it.
 */

import type { HeifHeader, ImageHeader } from '../header.ts';
import type { Shrink } from '../webp/shrink.ts';
import { AV1_SHARE, av1Cost } from './av1-cost.ts';
import { bytesFor, type Cost, pixelsWithin, type Share } from './cost.ts';
import { JPEG_SHARE, jpegCost } from './jpeg-cost.ts';
import { type Denominator, MAGICK_SHARE, magickCost } from './magick-cost.ts';
import { PHOTON_SHARE, photonCost } from './photon-cost.ts';

/** Longest side of a picture, in pixels: libjpeg reads no longer one. */
export const MAX_SIDE_PIXELS = 65_500;

/**
 * Whatever the memory: reading them takes time. The resize counts on it too: the short side is 16,384 at most.
 */
const MAX_PIXELS = 16_384 ** 2;

/** What the decoders' fixed bytes have room for: some rows of the picture. */
const WIDTH_WITHIN_FIXED = 16_384;
/** What a wider picture's rows take more, for a pixel of its width; measured at 65,499, up to 139. */
const COLUMN_BYTES = 160;

/** What of the memory is for the file. */
const FILE_BYTES = 20 * 2 ** 20;

/** A pixel at an eighth of width and height stands for so many. */
const DC_PIXELS = 64;
const RGB = 3;

/** 12 megapixels take half a second to a second and a half, and a request has five. */
const MAX_PIXELS_IN_PARTS = 25e6;

/** The rows that lossy WebP is decoded in, at the longest side: 60 bytes a pixel of it, and some tables. */
const LOSSY_ROWS_BYTES = 1.25 * 2 ** 20;
/** Lossless: what references reach, tables of prefix codes while they grow, their groups, some rows. */
const LOSSLESS_BYTES = 8.5 * 2 ** 20;
/** Lossless: numbers for squares of 4×4 pixels at least: 1 byte, 4 and 2. */
const LOSSLESS_PER_PIXEL = 7 / 16;

/** What a decoder could hold of a kind of picture. */
export interface Capacity {
  readonly kind: string;
  readonly pixels: number;
}

/** @returns undefined where photon does not read the picture at any size. */
export function photonCapacity(header: ImageHeader, fileBytes: number): Capacity | undefined {
  return capacity(photonCost(header), withRows(PHOTON_SHARE, header), fileBytes);
}

/** @returns undefined for what is no ordinary JPEG. */
export function jpegCapacity(header: ImageHeader, fileBytes: number): Capacity | undefined {
  return capacity(jpegCost(header), JPEG_SHARE, fileBytes);
}

/** @returns undefined where magick is not used for such pictures. */
export function magickCapacity(
  header: ImageHeader,
  denominator: Denominator,
  fileBytes: number,
): Capacity | undefined {
  return capacity(magickCost(header, denominator), withRows(MAGICK_SHARE, header), fileBytes);
}

/**
 * What is made of a progressive JPEG's DC coefficients lies beside the file in what is kept for a file of the
 * largest size: 2 bytes a coefficient, and the pixels.
 *
 * @returns undefined for what is not decoded in this way.
 */
export function dcCapacity(header: ImageHeader, fileBytes: number): Capacity | undefined {
  if (header.format !== 'jpeg' || !header.progressive || header.components === 4) return undefined;
  const samples = header.storedSamples / (header.width * header.height);
  const perPixel = (2 * samples + RGB) / DC_PIXELS;
  const pixels = Math.max(0, Math.floor((FILE_BYTES - fileBytes) / perPixel));
  return { kind: 'a progressive JPEG', pixels: Math.min(MAX_PIXELS, pixels) };
}

/**
 * Row by row, a WebP takes what it is made to beside some rows; alpha is a lossless picture beside a lossy one.
 * That lies beside the file, as above. What bounds it otherwise is time.
 *
 * @returns undefined for what is not decoded in this way.
 */
export function rowsCapacity(header: ImageHeader, shrink: Shrink, fileBytes: number): Capacity | undefined {
  if (header.format !== 'webp') return undefined;
  const isLossless = header.compression === 'lossless';
  const hasLossless = isLossless || header.components === 4;
  const fixed = (isLossless ? 0 : LOSSY_ROWS_BYTES) + (hasLossless ? LOSSLESS_BYTES : 0);
  const perPixel = RGB / shrink ** 2 + (hasLossless ? LOSSLESS_PER_PIXEL : 0);
  const pixels = Math.max(0, Math.floor((FILE_BYTES - fileBytes - fixed) / perPixel));
  const kind = isLossless ? 'a lossless WebP' : 'a WebP';
  return { kind, pixels: Math.min(MAX_PIXELS_IN_PARTS, pixels) };
}

/**
 * An AVIF by dav1d: its RGB, made smaller, lies beside the file in what is kept for a file of the largest size.
 *
 * @returns undefined for what is not decoded in this way.
 */
export function av1Capacity(header: HeifHeader, shrink: number, fileBytes: number): Capacity | undefined {
  const cost = av1Cost(header);
  if (cost === undefined) return undefined;
  const rgb = Math.max(0, Math.floor(((FILE_BYTES - fileBytes) / RGB) * shrink ** 2));
  return {
    kind: cost.kind,
    pixels: Math.min(rgb, pixelsWithin(cost, withRows(AV1_SHARE, header), fileBytes)),
  };
}

/** What of magick's memory dav1d may take for a picture; 0 for what is not decoded in this way. */
export function av1Bytes(header: HeifHeader, fileBytes: number): number {
  const cost = av1Cost(header);
  return cost === undefined
    ? 0
    : bytesFor(cost, withRows(AV1_SHARE, header), header.width * header.height, fileBytes);
}

/**
 * Tile by tile, a picture takes the memory of one tile and of what the tiles are put together to; what
 * bounds it is time.
 *
 * @returns undefined when already one tile is too large.
 */
export function tilesCapacity(header: HeifHeader, shrink: number): Capacity | undefined {
  const { grid, format } = header;
  if (grid === undefined) return undefined;
  const tile = magickCapacity({ ...header, ...grid, grid: undefined }, 1, 0);
  if (tile === undefined || tile.pixels < grid.width * grid.height) return undefined;
  const pixels = Math.min(MAX_PIXELS_IN_PARTS, Math.floor((FILE_BYTES / 4 / RGB) * shrink ** 2));
  return { kind: format === 'avif' ? 'an AVIF' : 'an HEIC', pixels };
}

function capacity(cost: Cost | undefined, share: Share, fileBytes: number): Capacity | undefined {
  return cost && { kind: cost.kind, pixels: Math.min(MAX_PIXELS, pixelsWithin(cost, share, fileBytes)) };
}

function withRows(share: Share, { width }: ImageHeader): Share {
  const more = Math.max(0, width - WIDTH_WITHIN_FIXED) * COLUMN_BYTES;
  return { ...share, fixedBytes: share.fixedBytes + more };
}
