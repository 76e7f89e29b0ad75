/**
 * What photon 0.4.0 takes, as `node bench/photon-memory.ts` measures it: each at its worst.
 */

import type { ImageHeader } from '../header.ts';
import type { Cost, Share } from './cost.ts';

const MIB = 2 ** 20;

/** To what photon's memory may grow: see `account.ts` for how the isolate's memory is divided. */
export const PHOTON_MEMORY_BYTES = 10 * MIB;

/** 200 pictures of mixed sizes in one instance ended at 1.11–1.20 times the dearest one alone. */
const FRAGMENTATION = 1.25;

export const PHOTON_SHARE: Share = {
  budgetBytes: PHOTON_MEMORY_BYTES / FRAGMENTATION,
  /** The instance itself, and tables and windows that do not grow with the picture. */
  fixedBytes: 2 * MIB,
};

/** photon's result is RGBA, and its decoder's own picture is freed only after that has been made. */
const RGBA = 4;

/** @returns undefined for what photon does not decode. */
export function photonCost(header: ImageHeader): Cost | undefined {
  const pixels = header.width * header.height;
  switch (header.format) {
    case 'jpeg': {
      // It takes all of three components for YCbCr.
      if (header.isRgb) return undefined;
      const samples = header.storedSamples / pixels;
      return header.progressive
        ? { kind: 'a progressive JPEG', perPixel: 10 + 3 * samples, copies: 1 }
        : { kind: 'a JPEG', perPixel: 10 + samples, copies: 1 };
    }
    case 'png': {
      const components = header.colour === 'palette' ? 3 : header.components;
      const bytes = (components + (header.transparency ? 1 : 0)) * (header.bitDepth === 16 ? 2 : 1);
      const kind = header.bitDepth === 16 ? 'a 16-bit PNG' : 'a PNG';
      return { kind, perPixel: 2 * RGBA + bytes + 0.2, copies: 1 };
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
    case 'ico':
      return header.png === undefined
        ? { kind: 'an icon', perPixel: 3 * RGBA, copies: 1 }
        : photonCost(header.png);
    case 'tiff': {
      if (header.compression === 'jpeg') return undefined;
      const bytes = Math.ceil((header.components * header.bitDepth) / 8);
      return { kind: 'a TIFF', perPixel: 2 * RGBA + 2 * bytes, copies: 1 };
    }
    case 'avif':
    case 'heic':
      return undefined;
  }
}
