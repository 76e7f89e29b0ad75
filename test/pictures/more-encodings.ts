/** Further encodings, for the benchmark of the decoders and the test of the memory account. */
import sharp, { type Sharp } from 'sharp';
import { pngIcon } from '../fuzz/icon.ts';
import { bytesOf } from '../image/headers.ts';
import { encode } from './encode.ts';
import type { Size } from './scenes.ts';
import { LONG, SHORT, tiff } from './tiff.ts';

type Write = (rgb: Uint8Array, size: Size) => Promise<Uint8Array>;

const by =
  (write: (image: Sharp) => Sharp): Write =>
  async (rgb, size) =>
    new Uint8Array(await write(sharp(rgb, { raw: { ...size, channels: 3 } })).toBuffer());

/** A tile much larger than a small picture, and one that is part of most. */
const TILE = { tile: true, tileWidth: 1024, tileHeight: 1024 } as const;

export const TIFFS_AND_AVIFS: Readonly<Record<string, Write>> = {
  'tiff-none': by((image) => image.tiff({ compression: 'none' })),
  'tiff-one-strip': async (rgb, size) => oneStrip(rgb, size),
  'tiff-lzw': by((image) => image.tiff({ compression: 'lzw', predictor: 'horizontal' })),
  'tiff-deflate-tiled': by((image) => image.tiff({ compression: 'deflate', ...TILE })),
  'tiff-grey': by((image) => image.toColourspace('b-w').tiff({ compression: 'lzw' })),
  'tiff-16': by((image) => image.toColourspace('rgb16').tiff({ compression: 'deflate' })),
  'tiff-cmyk': by((image) => image.toColourspace('cmyk').tiff({ compression: 'lzw' })),
  'tiff-alpha': by((image) => image.ensureAlpha(0.5).tiff({ compression: 'lzw' })),
  'tiff-jpeg': by((image) => image.tiff({ compression: 'jpeg' })),
  'ico-png': async (rgb, size) => pngIcon(await encode(rgb, 'png-rgba8', size), 0),
  'avif-420': by((image) => image.avif({ effort: 0, chromaSubsampling: '4:2:0' })),
  'avif-444': by((image) => image.avif({ effort: 0, chromaSubsampling: '4:4:4' })),
  'avif-10-bit': by((image) => image.avif({ effort: 0, bitdepth: 10 })),
  'avif-lossless': by((image) => image.avif({ effort: 0, lossless: true })),
};

/** Uncompressed, with all rows in one strip, as small programs write it. */
function oneStrip(rgb: Uint8Array, { width, height }: Size): Uint8Array {
  const fields = (dataAt: number) => [
    { tag: 256, type: LONG, values: [width] },
    { tag: 257, type: LONG, values: [height] },
    { tag: 258, type: SHORT, values: [8, 8, 8] },
    { tag: 259, type: SHORT, values: [1] },
    { tag: 262, type: SHORT, values: [2] },
    { tag: 273, type: LONG, values: [dataAt] },
    { tag: 277, type: SHORT, values: [3] },
    { tag: 278, type: LONG, values: [height] },
    { tag: 279, type: LONG, values: [rgb.length] },
  ];
  return bytesOf(tiff('II', fields(tiff('II', fields(0)).length)), rgb);
}
