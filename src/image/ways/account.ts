/**
 * The memory account: how the memory of an isolate is divided among the decoders.
 *
 * An isolate has 128 MB for everything, and a wasm memory never shrinks: the peak of each part stays allocated. So the
 * parts together stay within 103.25 MiB (108.3 MB; tests hold them to 110), and the rest is V8's:
 *
 * | MiB | for |
 * |---|---|
 * | 28 | the runtime with its weights, made before anything is decoded: 22.7 measured |
 * | 20 | a file of the largest size, in the body that brought it; and what JavaScript makes of a smaller one |
 * | 10 | photon's memory |
 * | 1.25 | the memory of our own JPEG decoder |
 * | 40 | magick's memory |
 * | 4 | what magick's memory is put back to before every picture: 3.3 measured; and the resize's 0.5 |
 *
 * The more photon may take, the less remains for the large pictures that only magick can hold; photon needs only as
 * much as the pictures that it decodes as fast as magick does, according to `time.ts`.
 */
import type { Size } from '../header.ts';
import { type Cost, pixelsWithin, type Share } from './cost.ts';

const MIB = 2 ** 20;

/** Longest side of a picture, in pixels: the maximum of libjpeg. */
export const MAX_SIDE_PIXELS = 65_500;

/**
 * Limit regardless of memory, because reading takes time. The resize relies on it too: the short side is at most
 * 16,384.
 */
export const MAX_PIXELS = 16_384 ** 2;

/** 12 megapixels in JavaScript, or in tiles, take half a second to a second and a half, and a request has five. */
export const MAX_PIXELS_IN_PARTS = 25e6;

export const PHOTON_MEMORY_BYTES = 10 * MIB;
export const MAGICK_MEMORY_BYTES = 40 * MIB;
/** Memory of our own JPEG decoder. */
export const JPEG_MEMORY_BYTES = 20 * 65_536;
/** Bytes for a file, and for what is made of it outside the wasm memories. */
export const FILE_BYTES = 20 * MIB;

/** Width for which the decoders' fixed bytes have room: some rows of the picture. */
const WIDTH_WITHIN_FIXED = 16_384;
/** Bytes that a wider picture's rows take more, per pixel of its width; measured at 65,499, up to 139. */
const COLUMN_BYTES = 160;

/** The share of a decoder that keeps some rows in addition to the picture. */
export function withRows(share: Share, { width }: Size): Share {
  const more = Math.max(0, width - WIDTH_WITHIN_FIXED) * COLUMN_BYTES;
  return { ...share, fixedBytes: share.fixedBytes + more };
}

/** Pixels that a decoder with its own wasm memory has room for. */
export function pixelsInShare(cost: Cost, share: Share, fileBytes: number): number {
  return Math.min(MAX_PIXELS, pixelsWithin(cost, share, fileBytes));
}

/** Pixels that fit in addition to the file, in the memory reserved for a file of the largest size. */
export function pixelsBesideFile(fileBytes: number, perPixel: number, fixedBytes = 0): number {
  return Math.max(0, Math.floor((FILE_BYTES - fileBytes - fixedBytes) / perPixel));
}
