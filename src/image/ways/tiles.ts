/**
 * HEIC, and AVIF of any depth, by ImageMagick: each tile as a file of its own; a picture in one piece is one tile.
 *
 * It takes the memory of one piece and of the assembled result. With many pieces, time is what bounds it.
 */
import type { HeifHeader, HeifThumbnail, ImageHeader, Size } from '../header.ts';
import { seenPieces } from '../heif/seen.ts';
import type { Shrink } from '../shrink.ts';
import { MAX_PIXELS_IN_PARTS, pixelsBesideFile } from './account.ts';
import { type Cost, pixelsWithin } from './cost.ts';
import { MAGICK_SHARE } from './magick.ts';
import { scaleFor } from './scale.ts';
import type { WayRow } from './way.ts';

const RGB = 3;
/** A sum of up to 16 samples. */
const SUM_BYTES = 2;

/** Bytes per pixel by samples per pixel: for 4:2:0 and grey, for 4:2:2, for 4:4:4. */
type BySamples = readonly [quarter: number, half: number, full: number];
/** AV1 of any depth: 11 bytes are tables of its blocks. Grey and 8 bits take less. */
const AV1_PER_PIXEL: BySamples = [24, 26.5, 32];
/** HEVC: planes, RGB and the library's picture; above 8 bits also planes of 16 bits. */
const HEVC_PER_PIXEL: BySamples = [10.9, 12, 14.3];
const DEEP_HEVC_PER_PIXEL: BySamples = [11.2, 17.5, 19.5];

export const tilesWay: WayRow = {
  decoder: 'tiles',
  reads: (header) => {
    const heif = heifOf(header);
    return heif !== undefined && !hasChromaInAlpha(heif);
  },
  shrink: quarterAtMost,
  holds(header, shrink, fileBytes) {
    const heif = heifOf(header);
    if (heif === undefined) return 0;
    // Each piece is copied into a file of its own.
    const held = heldPixels(heif, shrink, fileBytes + heif.pieceBytes);
    const piece = pixelsWithin(pieceCost(heif), MAGICK_SHARE, heif.pieceBytes);
    return wholePixels(heif, piece, Math.min(MAX_PIXELS_IN_PARTS, held));
  },
  units: (header, shrink) => piecesUnits(header.format === 'avif' ? AV1_TIME : HEVC_TIME, header, shrink),
};

/**
 * SVT-AV1 has no grey layout, and libavif 0.11 leaves the alpha's chroma at 0: magick returns RGB, in which no
 * channel is then the alpha. dav1d returns the luma, of 8 bits. Above 8 bits only magick is available, and it is right
 * if the chroma is neutral.
 */
function hasChromaInAlpha({ format, bitDepth, alpha }: HeifHeader): boolean {
  return format === 'avif' && bitDepth === 8 && alpha?.bitDepth === 8 && !alpha.isGrey;
}

export function heifOf(header: ImageHeader): HeifHeader | undefined {
  return header.format === 'avif' || header.format === 'heic' ? header : undefined;
}

/**
 * Of 36 pictures of phones all keep the first class of their full size at a quarter; at an eighth two do not.
 */
export function quarterAtMost(header: Size): Shrink {
  const scale = scaleFor(header);
  return scale === 8 ? 4 : scale;
}

/** Memory in addition to the file, reserved for a file of the largest size: sums, and alpha, which is kept whole. */
export function heldPixels({ alpha }: HeifHeader, shrink: Shrink, bytes: number): number {
  const perPixel = (RGB * (shrink === 1 ? 1 : SUM_BYTES)) / shrink ** 2 + (alpha === undefined ? 0 : 1);
  return pixelsBesideFile(bytes, perPixel);
}

/**
 * @param piece pixels of a piece that there is memory for.
 * @param held pixels of an assembled picture that there is memory for.
 */
export function wholePixels(header: HeifHeader, piece: number, held: number): number {
  if (header.grid === undefined) return Math.min(piece, held);
  // A tile that does not fit: limits the picture to less than a tile.
  const isTooLarge = header.grid.width * header.grid.height > piece;
  return isTooLarge ? Math.min(piece, held, header.width * header.height - 1) : held;
}

export function pieceSize({ grid, coded }: HeifHeader): Size {
  const { width, height } = grid ?? coded;
  return { width, height };
}

/** Units for each picture, piece, megapixel and megabyte that is decoded. */
export interface PiecesTime {
  readonly piece: number;
  readonly megapixel: number;
  readonly megabyte: number;
}

const AV1_TIME: PiecesTime = { piece: 0.3, megapixel: 6.5, megabyte: 28 };
const HEVC_TIME: PiecesTime = { piece: 0.25, megapixel: 4, megabyte: 12 };

/** The fixed part: memory is prepared, tables are read, the mosaic is begun. */
const MOSAIC_UNITS = 0.8;
/** Pictures with more bytes per pixel than lossy ones are coded in a way that decodes faster. */
const LOSSY_BYTES_A_PIXEL = 0.4;
const BEYOND_LOSSY = 0.4;

/** Alpha is coded in as many pieces as the picture, at about half the cost each, and decoded first. */
export function piecesUnits(
  { piece, megapixel, megabyte }: PiecesTime,
  header: ImageHeader,
  shrink: Shrink,
): number {
  const heif = heifOf(header);
  if (heif === undefined) return 0;
  const { width, height } = pieceSize(heif);
  const all = heif.grid === undefined ? 1 : heif.grid.columns * heif.grid.rows;
  const pieces = seenPieces(heif, shrink);
  const bytes = (heif.codedBytes * pieces) / all;
  const pixels = pieces * width * height;
  const lossy = Math.min(bytes, LOSSY_BYTES_A_PIXEL * pixels);
  const planes = heif.alpha === undefined ? 1 : 1.5;
  return (
    MOSAIC_UNITS +
    (pieces + (heif.alpha?.pieces ?? 0)) * piece +
    (megapixel * planes * pixels + megabyte * (lossy + BEYOND_LOSSY * (bytes - lossy))) / 1e6
  );
}

/** A thumbnail, which is one piece. */
export function thumbnailUnits(header: HeifHeader, { width, height, dataBytes }: HeifThumbnail): number {
  const coded = { width, height };
  const { alpha: _, ...rest } = header;
  const alone = { ...rest, coded, grid: undefined, codedBytes: dataBytes, alpha: undefined };
  return piecesUnits(header.format === 'avif' ? AV1_TIME : HEVC_TIME, alone, 1);
}

/** Whether there is memory for a smaller copy within the file. */
export function holdsThumbnail(header: HeifHeader, thumbnail: HeifThumbnail): boolean {
  const cost = pieceCost({ ...header, ...thumbnail });
  const { width, height, dataBytes } = thumbnail;
  return dataBytes > 0 && width * height <= pixelsWithin(cost, MAGICK_SHARE, dataBytes);
}

/** Requires a picture in one piece without alpha, because that would be a picture of its own. */
export function pieceCost({ format, bitDepth, samplesPerPixel }: HeifHeader): Cost {
  const hevc = bitDepth > 8 ? DEEP_HEVC_PER_PIXEL : HEVC_PER_PIXEL;
  const [quarter, half, full] = format === 'avif' ? AV1_PER_PIXEL : hevc;
  return { perPixel: samplesPerPixel < 2 ? quarter : samplesPerPixel < 3 ? half : full, copies: 2 };
}
