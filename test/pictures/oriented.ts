/**
 * Files that store a picture rotated and state it as the encoder's own library does: in EXIF, and in AVIF also by
 * `irot` and `imir`.
 */
import sharp, { type Sharp } from 'sharp';
import type { Size } from './scenes.ts';
import { turned } from './turned.ts';

const ENCODE = {
  png: (image: Sharp) => image.png({ compressionLevel: 1 }),
  webp: (image: Sharp) => image.webp({ lossless: true, effort: 0 }),
  jpeg: (image: Sharp) => image.jpeg({ quality: 90 }),
  tiff: (image: Sharp) => image.tiff({ compression: 'lzw' }),
  avif: (image: Sharp) => image.avif({ quality: 90, effort: 0 }),
};

export type OrientedEncoding = keyof typeof ENCODE;

export const ORIENTED_ENCODINGS = [
  'png',
  'webp',
  'jpeg',
  'tiff',
  'avif',
] as const satisfies OrientedEncoding[];

/** @param rgb the upright picture: height × width × 3 bytes. */
export async function orientedFile(
  rgb: Uint8Array,
  size: Size,
  encoding: OrientedEncoding,
  orientation: number,
): Promise<Uint8Array> {
  const { data, width, height } = turned(rgb, size, orientation);
  const image = sharp(data, { raw: { width, height, channels: 3 } }).withMetadata({ orientation });
  return new Uint8Array(await ENCODE[encoding](image).toBuffer());
}
