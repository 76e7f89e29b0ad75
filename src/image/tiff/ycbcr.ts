/** YCbCr outside JPEG (TIFF 6.0 §21): its samples, and the conversion to RGB. */
import type { Size, TiffHeader } from '../header.ts';
import { ratioAt, readDirectory, tiffBlock } from '../headers/ifd.ts';
import { TAG } from '../headers/tiff-tags.ts';

const TAGS = new Set<number>([TAG.yCbCrCoefficients, TAG.referenceBlackWhite]);

/** The weights of the colours in Y: ITU-R BT.601. */
const COEFFICIENTS = [0.299, 0.587, 0.114] as const;
/** Reference black and white of Y, Cb and Cr. */
const BLACK_AND_WHITE = [0, 255, 128, 255, 128, 255] as const;

/** Converts `count` pixels from Y, Cb and Cr to RGB, in place. */
export type ToRgb = (samples: Uint8Array, count: number, components: number) => void;

export function toRgbOf(bytes: Uint8Array): ToRgb {
  const block = tiffBlock(bytes);
  const fields = block && readDirectory(block, block.firstDirectory, TAGS)?.fields;
  const numbers = (tag: number, byDefault: readonly number[]) => {
    const stored = byDefault.map((_, i) => (block ? ratioAt(block, fields?.get(tag), i) : undefined));
    return stored.every((value) => value !== undefined && Number.isFinite(value))
      ? stored.map((value) => value ?? 0)
      : byDefault;
  };
  const [red = 0, green = 1, blue = 0] = numbers(TAG.yCbCrCoefficients, COEFFICIENTS);
  const references = numbers(TAG.referenceBlackWhite, BLACK_AND_WHITE);
  /** By stored value: the range from the `i`th reference to the next is mapped to 0 to `most`. */
  const table = (i: number, most: number) => {
    const [least = 0, greatest = 0] = references.slice(i);
    const range = greatest - least || 1;
    return Float32Array.from({ length: 256 }, (_, stored) => ((stored - least) * most) / range);
  };
  const [luma, cb, cr] = [table(0, 255), table(2, 127), table(4, 127)];
  const clamped = new Uint8ClampedArray(3);
  return (samples, count, components) => {
    for (let i = 0, at = 0; i < count; i++, at += components) {
      // Within bounds: bytes, and at least three components.
      const y = luma[samples[at] as number] as number;
      const r = y + (cr[samples[at + 2] as number] as number) * (2 - 2 * red);
      const b = y + (cb[samples[at + 1] as number] as number) * (2 - 2 * blue);
      clamped[0] = r;
      clamped[1] = (y - red * r - blue * b) / (green || 1);
      clamped[2] = b;
      samples[at] = clamped[0];
      samples[at + 1] = clamped[1];
      samples[at + 2] = clamped[2];
    }
  };
}

/** Bytes of the rows of pixels that share a row of chroma, if Y, Cb and Cr are stored together. */
export function unitRowBytes({ segment, subsampling: { width, height } }: TiffHeader): number {
  return Math.ceil(segment.width / width) * (width * height + 2);
}

/**
 * Extracts one row of pixels from such rows: units of `width` × `height` samples of Y, row by row, followed by one of
 * Cb and one of Cr for all pixels of the unit.
 */
export function readUnits(
  units: Uint8Array,
  rowOfUnit: number,
  { width, height }: Size,
  count: number,
  to: Uint8Array,
): void {
  const unitBytes = width * height + 2;
  for (let x = 0; x < count; x++) {
    const inUnit = x % width;
    const unit = ((x - inUnit) / width) * unitBytes;
    to[3 * x] = units[unit + rowOfUnit * width + inUnit] as number;
    to[3 * x + 1] = units[unit + unitBytes - 2] as number;
    to[3 * x + 2] = units[unit + unitBytes - 1] as number;
  }
}
