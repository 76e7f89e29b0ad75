/**
 * dav1d, from ogv 1.9.0: AVIF of 8 bits.
 *
 * Memory as `node bench/decoders.ts` measures it: each at its worst.
 */
import type { HeifHeader, ImageHeader, Size } from '../header.ts';
import { MAGICK_MEMORY_BYTES, pixelsBesideFile, pixelsInShare, withRows } from './account.ts';
import { bytesFor, type Cost, type Share } from './cost.ts';
import { scaleFor } from './scale.ts';
import { unitsOf } from './time.ts';
import type { WayRow } from './way.ts';

const MIB = 2 ** 20;

/** It decodes in magick's memory, while no picture of magick's is there. */
export const AV1_SHARE: Share = {
  budgetBytes: MAGICK_MEMORY_BYTES,
  /** Tables, the stack, and the state of a tile for as many as a picture may have. */
  fixedBytes: 1.5 * MIB,
};

/** Samples a pixel, of a byte each: 4:2:0. */
const PLANES = 1.5;
/** Film grain is put on a second picture, and whether there is any the header does not say. */
const WITH_GRAIN = 2;
/** The planes are padded to whole blocks of so many pixels. */
const BLOCK_PIXELS = 128;
/** Filter levels, masks, segments and vectors of the blocks. */
const TABLES = 0.9;
const RGB = 3;

export const av1Way: WayRow = {
  decoder: 'av1',
  reads: (header) => av1Cost(header) !== undefined,
  shrink: scaleFor,
  /** Its RGB, made smaller, lies beside the file in what is kept for a file of the largest size. */
  holds(header, shrink, fileBytes) {
    const cost = av1Cost(header);
    if (cost === undefined) return 0;
    const rgb = pixelsBesideFile(fileBytes, RGB / shrink ** 2);
    return Math.min(rgb, pixelsInShare(cost, withRows(AV1_SHARE, header), fileBytes));
  },
  units: (header) => unitsOf({ picture: 0.3, megapixel: 3.5 }, header),
};

/** What of magick's memory dav1d may take for a picture. */
export function av1Bytes(header: ImageHeader, fileBytes: number): number {
  const cost = av1Cost(header);
  return cost === undefined
    ? 0
    : bytesFor(cost, withRows(AV1_SHARE, header), header.width * header.height, fileBytes);
}

/**
 * @returns undefined for what it does not decode: HEVC, more than 8 bits, grey, 4:2:2 and 4:4:4, a picture of
 *   tiles, with alpha, or cut out of a larger one.
 */
export function av1Cost(header: ImageHeader): Cost | undefined {
  if (header.format !== 'avif' || !isPlain(header)) return undefined;
  return { perPixel: (WITH_GRAIN * PLANES + TABLES) * padding(header), copies: 1 };
}

function isPlain({ width, height, grid, components, samplesPerPixel, bitDepth, coded }: HeifHeader): boolean {
  const isCut = coded.width !== width || coded.height !== height;
  return grid === undefined && !isCut && components === 3 && bitDepth === 8 && samplesPerPixel === PLANES;
}

function padding({ width, height }: Size): number {
  const blocks = Math.ceil(width / BLOCK_PIXELS) * Math.ceil(height / BLOCK_PIXELS);
  return (blocks * BLOCK_PIXELS ** 2) / (width * height);
}
