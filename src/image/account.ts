/**
 * The memory account: what decoding a picture will cost, from its header alone, and whether it fits.
 */
import type { Failure } from '../failure.ts';
import type { ImageHeader } from './header.ts';

const MIB = 1024 * 1024;

/** Longest side of a picture, in pixels: what a caller can be told once, whatever the format. */
export const MAX_SIDE_PIXELS = 16_384;

/** photon's memory, input included. */
export const DECODER_BUDGET_BYTES = 56 * MIB;

const FIXED = 2 * MIB;

export function checkLimits(header: ImageHeader, fileBytes: number): Failure | undefined {
  const { width, height } = header;
  const side = Math.max(width, height);
  if (side > MAX_SIDE_PIXELS) return { code: 'image_side_too_long', side, limitPixels: MAX_SIDE_PIXELS };
  const limitPixels = Math.floor((DECODER_BUDGET_BYTES - FIXED - fileBytes) / 14);
  if (width * height > limitPixels) {
    return { code: 'image_area_too_large', kind: header.format, width, height, limitPixels };
  }
  return undefined;
}

export function areaLimits(): Record<string, number> {
  return { jpeg: 1 };
}
