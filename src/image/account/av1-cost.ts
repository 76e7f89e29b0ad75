/**
 * What dav1d in ogv 1.9.0 takes, as `node bench/decoders.ts` measures it: each at its worst.
 */

import type { HeifHeader, Size } from '../header.ts';
import type { Cost, Share } from './cost.ts';
import { MAGICK_MEMORY_BYTES } from './magick-cost.ts';

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

/**
 * @returns undefined for what it does not decode: HEVC, more than 8 bits, grey, 4:2:2 and 4:4:4, a picture of
 *   tiles, with alpha, or cut out of a larger one.
 */
export function av1Cost(header: HeifHeader): Cost | undefined {
  const { format, grid, components, samplesPerPixel, bitDepth, coded } = header;
  const isCut = coded.width !== header.width || coded.height !== header.height;
  if (format !== 'avif' || grid !== undefined || isCut || components !== 3) return undefined;
  if (bitDepth !== 8 || samplesPerPixel !== PLANES) return undefined;
  const perPixel = (WITH_GRAIN * PLANES + TABLES) * padding(header);
  return { kind: 'an AVIF', perPixel, copies: 1 };
}

function padding({ width, height }: Size): number {
  const blocks = Math.ceil(width / BLOCK_PIXELS) * Math.ceil(height / BLOCK_PIXELS);
  return (blocks * BLOCK_PIXELS ** 2) / (width * height);
}
