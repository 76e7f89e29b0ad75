/** Writes PNGs of kinds that libvips does not (PNG Third Edition). */
import { crc32, deflateSync } from 'node:zlib';
import type { Size } from './scenes.ts';

/** Colour types, each with its samples per pixel. */
const COLOURS = {
  grey: { type: 0, samples: 1 },
  rgb: { type: 2, samples: 3 },
  palette: { type: 3, samples: 1 },
  'grey-alpha': { type: 4, samples: 2 },
  rgba: { type: 6, samples: 4 },
} as const;

export interface Kind {
  readonly colour: keyof typeof COLOURS;
  /** Bits per sample. */
  readonly depth: 1 | 2 | 4 | 8 | 16;
  /** RGB. */
  readonly palette?: readonly number[];
  /** The transparency of the palette, from its first colour on, or the transparent grey. */
  readonly transparency?: readonly number[];
  /** Interlaced, in the seven passes of Adam7. */
  readonly interlaced?: boolean;
  /** The filter of each row, by its number in its pass; none by default. */
  readonly filter?: (row: number) => number;
  /** Bytes of data per chunk; by default all in one. */
  readonly chunkBytes?: number;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10);
const END = new Uint8Array();

/** @param samples row by row, each of 0…2^depth − 1. */
export function png(samples: ArrayLike<number>, size: Size, kind: Kind): Uint8Array {
  return pngOf(size, kind, deflateSync(filtered(samples, size, kind)));
}

/** @param data a zlib stream of filtered rows, or other bytes. */
export function pngOf({ width, height }: Size, kind: Kind, data: Uint8Array): Uint8Array {
  const head = new DataView(new ArrayBuffer(13));
  head.setUint32(0, width);
  head.setUint32(4, height);
  head.setUint8(8, kind.depth);
  head.setUint8(9, COLOURS[kind.colour].type);
  head.setUint8(12, kind.interlaced ? 1 : 0);
  const perChunk = kind.chunkBytes ?? data.length;
  const chunks = Array.from({ length: Math.ceil(data.length / perChunk) }, (_, i) =>
    chunk('IDAT', data.subarray(i * perChunk, (i + 1) * perChunk)),
  );
  return new Uint8Array(
    Buffer.concat([
      SIGNATURE,
      chunk('IHDR', new Uint8Array(head.buffer)),
      ...(kind.palette ? [chunk('PLTE', Uint8Array.from(kind.palette))] : []),
      ...(kind.transparency ? [chunk('tRNS', Uint8Array.from(kind.transparency))] : []),
      ...chunks,
      chunk('IEND', END),
    ]),
  );
}

/** The rows of all passes, each preceded by the number of its filter (§7.2, §8.1, §9). */
export function filtered(samples: ArrayLike<number>, size: Size, kind: Kind): Uint8Array {
  const perPixel = COLOURS[kind.colour].samples;
  const passes = (kind.interlaced ? ADAM7 : WHOLE).map(([left, top, across, down]) => {
    const width = Math.ceil((size.width - left) / across);
    const height = Math.ceil((size.height - top) / down);
    if (width <= 0 || height <= 0) return new Uint8Array();
    const own = Array.from({ length: width * height * perPixel }, (_, i) => {
      const [pixel, sample] = [Math.floor(i / perPixel), i % perPixel];
      const x = left + (pixel % width) * across;
      const y = top + Math.floor(pixel / width) * down;
      return samples[(y * size.width + x) * perPixel + sample] ?? 0;
    });
    const rows = packed(own, width * perPixel, height, kind.depth);
    filterRows(rows, height, Math.max(1, (perPixel * kind.depth) >> 3), kind.filter ?? (() => 0));
    return rows;
  });
  return new Uint8Array(Buffer.concat(passes));
}

/** First column and row, and the distance to the next. */
const WHOLE = [[0, 0, 1, 1]] as const;
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Each row in whole bytes, the first sample in the highest bits, preceded by the filter byte. */
function packed(samples: ArrayLike<number>, perRow: number, height: number, depth: number): Uint8Array {
  const rowBytes = 1 + Math.ceil((perRow * depth) / 8);
  const rows = new Uint8Array(rowBytes * height);
  for (let i = 0; i < perRow * height; i++) {
    const bit = (i % perRow) * depth;
    const at = Math.floor(i / perRow) * rowBytes + 1 + (bit >> 3);
    const sample = samples[i] ?? 0;
    if (depth === 16) rows.set([sample >> 8, sample & 0xff], at);
    else rows[at] = (rows[at] ?? 0) | (sample << (8 - depth - (bit & 7)));
  }
  return rows;
}

/** In place, from the last byte to the first, so that the bytes used for prediction are still unchanged. */
function filterRows(rows: Uint8Array, height: number, bpp: number, filterOf: (row: number) => number): void {
  const rowBytes = rows.length / height;
  for (let y = height - 1; y >= 0; y--) {
    const filter = filterOf(y);
    rows[y * rowBytes] = filter;
    for (let i = rowBytes - 1; i >= 1; i--) {
      const at = y * rowBytes + i;
      const left = i > bpp ? (rows[at - bpp] ?? 0) : 0;
      const above = y > 0 ? (rows[at - rowBytes] ?? 0) : 0;
      const corner = i > bpp && y > 0 ? (rows[at - rowBytes - bpp] ?? 0) : 0;
      const predicted = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter] ?? 0;
      rows[at] = (rows[at] ?? 0) - predicted;
    }
  }
}

/** §9.4. */
function paeth(left: number, above: number, corner: number): number {
  const estimate = left + above - corner;
  const [byLeft, byAbove, byCorner] = [left, above, corner].map((value) => Math.abs(estimate - value));
  const [one = 0, two = 0, three = 0] = [byLeft, byAbove, byCorner];
  return one <= two && one <= three ? left : two <= three ? above : corner;
}

export function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(Buffer.from(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}
