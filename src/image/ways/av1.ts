/**
 * dav1d, from ogv 1.9.0: AVIF of 8 bits, piece by piece.
 *
 * Memory as `bench/decoders.ts` measures it, in the worst case.
 */
import type { HeifHeader, ImageHeader, Size } from '../header.ts';
import { MAGICK_MEMORY_BYTES, MAX_PIXELS_IN_PARTS } from './account.ts';
import { bytesFor, type Cost, pixelsWithin, type Share } from './cost.ts';
import { heifOf, heldPixels, pieceSize, piecesUnits, quarterAtMost, wholePixels } from './tiles.ts';
import type { WayRow } from './way.ts';

const MIB = 2 ** 20;

/** It decodes in magick's memory, while that holds no picture of magick's. */
export const AV1_SHARE: Share = {
  budgetBytes: MAGICK_MEMORY_BYTES,
  /** Tables, the stack of 0.5 MiB, and the state of as many tiles as a picture may have. */
  fixedBytes: 2 * MIB,
};

/** The planes are padded to whole blocks of this many pixels. */
const BLOCK_PIXELS = 128;
/** Filter levels, masks, segments and motion vectors of the blocks. */
const TABLES = 0.7;

export const av1Way: WayRow = {
  decoder: 'av1',
  reads: (header) => av1Cost(header) !== undefined,
  shrink: quarterAtMost,
  holds(header, shrink, fileBytes) {
    const [heif, cost] = [heifOf(header), av1Cost(header)];
    if (heif === undefined || cost === undefined) return 0;
    const held = Math.min(MAX_PIXELS_IN_PARTS, heldPixels(heif, shrink, fileBytes));
    return wholePixels(heif, pixelsWithin(cost, AV1_SHARE, heif.pieceBytes), held);
  },
  units: (header, shrink) => piecesUnits({ piece: 0.15, megapixel: 2.7, megabyte: 20 }, header, shrink),
};

/** The part of magick's memory that dav1d may take for a picture. */
export function av1Bytes(header: HeifHeader): number {
  const cost = av1Cost(header);
  const { width, height } = pieceSize(header);
  return cost === undefined ? 0 : bytesFor(cost, AV1_SHARE, width * height, header.pieceBytes);
}

/**
 * The cost of each piece that a picture is assembled from.
 *
 * @returns undefined for what it does not decode: HEVC, and more than 8 bits.
 */
export function av1Cost(header: ImageHeader): Cost | undefined {
  if (header.format !== 'avif' || header.bitDepth !== 8) return undefined;
  if (header.alpha !== undefined && header.alpha.bitDepth !== 8) return undefined;
  // One byte per sample. Film grain is added to a second picture; of tiles, the previous one is kept.
  const pictures = 1 + (header.filmGrain ? 1 : 0) + (header.grid === undefined ? 0 : 1);
  const perPixel = (pictures * header.samplesPerPixel + TABLES) * padding(pieceSize(header));
  return { perPixel, copies: 1 };
}

function padding({ width, height }: Size): number {
  const blocks = Math.ceil(width / BLOCK_PIXELS) * Math.ceil(height / BLOCK_PIXELS);
  return (blocks * BLOCK_PIXELS ** 2) / (width * height);
}
