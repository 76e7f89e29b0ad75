/**
 * The memory account: what decoding a picture will cost, from its header alone, and whether it fits.
 *
 * An isolate has 128 MB for everything, and a wasm memory never shrinks. The runtime with its weights
 * takes 28 MiB (`model/README.md`) and a file of the largest size 20 MiB; photon may grow to what is
 * below. The costs are photon 0.4.0's as `node bench/photon-memory.ts` measures them:
 * a fixed part + copies of the file + bytes a pixel, each at its worst.
 */
import type { Failure } from '../failure.ts';
import type { ImageHeader } from './header.ts';

const MIB = 1024 * 1024;

/** Longest side of a picture, in pixels. */
export const MAX_SIDE_PIXELS = 16_384;

/** To what size photon's memory may grow, the file included. */
export const PHOTON_BUDGET_BYTES = 56 * MIB;

/** 200 pictures of mixed sizes in one instance ended at 1.11–1.20 times the dearest one alone. */
const FRAGMENTATION = 1.25;

/** The instance itself, and tables and windows that do not grow with the picture. */
const FIXED_BYTES = 2 * MIB;

/** photon's result is RGBA, and its decoder's own picture is freed only after that has been made. */
const RGBA = 4;

/** What a kind of picture costs. `perPixel` is in bytes; `copies` counts the file in wasm memory. */
interface Cost {
  readonly kind: string;
  readonly perPixel: number;
  readonly copies: number;
}

/** Peak bytes that photon's memory holds while it decodes the picture. */
export function decodeBytes(header: ImageHeader, fileBytes: number): number {
  const { perPixel, copies } = costOf(header);
  return Math.ceil(FIXED_BYTES + copies * fileBytes + perPixel * header.width * header.height);
}

/** @returns what is too large about the picture, or undefined when it may be decoded. */
export function checkLimits(header: ImageHeader, fileBytes: number): Failure | undefined {
  const { width, height } = header;
  const side = Math.max(width, height);
  if (side > MAX_SIDE_PIXELS) return { code: 'image_side_too_long', side, limitPixels: MAX_SIDE_PIXELS };
  const cost = costOf(header);
  const limitPixels = pixelsWithin(cost, fileBytes);
  if (width * height <= limitPixels) return undefined;
  return { code: 'image_area_too_large', kind: cost.kind, width, height, limitPixels };
}

function pixelsWithin({ perPixel, copies }: Cost, fileBytes: number): number {
  const left = PHOTON_BUDGET_BYTES / FRAGMENTATION - FIXED_BYTES - copies * fileBytes;
  return Math.max(0, Math.floor(left / perPixel));
}

function costOf(header: ImageHeader): Cost {
  const pixels = header.width * header.height;
  switch (header.format) {
    case 'jpeg': {
      const samples = header.storedSamples / pixels;
      return header.progressive
        ? { kind: 'a progressive JPEG', perPixel: 10 + 3 * samples, copies: 1 }
        : { kind: 'a JPEG', perPixel: 10 + samples, copies: 1 };
    }
    case 'png': {
      const components = header.colour === 'palette' ? 3 : header.components;
      const bytes = (components + (header.transparency ? 1 : 0)) * (header.bitDepth === 16 ? 2 : 1);
      return {
        kind: header.bitDepth === 16 ? 'a 16-bit PNG' : 'a PNG',
        perPixel: 2 * RGBA + bytes + 0.2,
        copies: 1,
      };
    }
    case 'gif': {
      const frame = (header.frame.width * header.frame.height) / pixels;
      return { kind: 'a GIF', perPixel: 13.3 + 5 * (frame > 1 ? frame : 0), copies: 1 };
    }
    case 'webp':
      return header.compression === 'lossless'
        ? { kind: 'a lossless WebP', perPixel: 13.5, copies: 3 }
        : { kind: 'a WebP', perPixel: 14.5, copies: 3 };
    case 'bmp':
      return { kind: 'a BMP', perPixel: 2 * RGBA + Math.max(3, header.components), copies: 1 };
  }
}

/** Bytes of the file for which `areaLimits` states how many pixels fit; each byte more costs a byte. */
export const AREA_LIMIT_FILE_BYTES = MIB;

const MEGAPIXEL = { width: 1000, height: 1000, animated: false } as const;
const JPEG = {
  ...MEGAPIXEL,
  format: 'jpeg',
  components: 3,
  bitDepth: 8,
  entropyCoding: 'huffman',
} as const;
const PNG = {
  ...MEGAPIXEL,
  format: 'png',
  components: 4,
  colour: 'rgba',
  progressive: false,
  transparency: false,
  profiles: [],
} as const;

/** One picture of each kind that `/v1/limits` names. */
const EXAMPLES: Readonly<Record<string, ImageHeader>> = {
  jpeg: { ...JPEG, process: 'sequential', progressive: false, storedSamples: 1.5e6 },
  jpeg_444: { ...JPEG, process: 'sequential', progressive: false, storedSamples: 3e6 },
  jpeg_progressive: { ...JPEG, process: 'progressive', progressive: true, storedSamples: 1.5e6 },
  png: { ...PNG, bitDepth: 8 },
  png_16_bit: { ...PNG, bitDepth: 16 },
  gif: { ...MEGAPIXEL, format: 'gif', components: 1, bitDepth: 8, progressive: false, frame: MEGAPIXEL },
  webp: {
    ...MEGAPIXEL,
    format: 'webp',
    components: 3,
    bitDepth: 8,
    progressive: false,
    compression: 'lossy',
  },
  bmp: {
    ...MEGAPIXEL,
    format: 'bmp',
    components: 3,
    bitDepth: 8,
    progressive: false,
    compression: 'none',
    topDown: false,
  },
};

/** The largest pictures that are decoded, in pixels, for a file of `AREA_LIMIT_FILE_BYTES`. */
export function areaLimits(): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(EXAMPLES).map(([kind, header]) => [
      kind,
      pixelsWithin(costOf(header), AREA_LIMIT_FILE_BYTES),
    ]),
  );
}
