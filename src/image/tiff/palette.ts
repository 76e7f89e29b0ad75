/** A palette's colours (TIFF 6.0 §5): all reds, all greens, all blues, in 16 bits. */
import type { TiffHeader } from '../header.ts';
import { numberAt, readDirectory, tiffBlock } from '../headers/ifd.ts';
import { TAG } from '../headers/tiff-tags.ts';

/** Red, green and blue of each entry, one byte each. */
export type Palette = Uint8Array;

const TAGS = new Set<number>([TAG.colorMap]);

/** @returns undefined if the file has no palette, or one that is too short. */
export function paletteOf(bytes: Uint8Array, { bitDepth }: TiffHeader): Palette | undefined {
  const block = tiffBlock(bytes);
  const field = block && readDirectory(block, block.firstDirectory, TAGS)?.fields.get(TAG.colorMap);
  const entries = 2 ** bitDepth;
  if (block === undefined || field === undefined || field.count < 3 * entries) return undefined;
  const stored = Uint16Array.from({ length: 3 * entries }, (_, i) => numberAt(block, field, i) ?? 0);
  // Some programs wrote bytes; libtiff detects them in the same way.
  const isOfBytes = stored.every((value) => value < 256);
  return Uint8Array.from({ length: 3 * entries }, (_, i) => {
    const value = stored[(i % 3) * entries + Math.floor(i / 3)] as number;
    return isOfBytes ? value : (value * 255 + 32_768) >>> 16;
  });
}
