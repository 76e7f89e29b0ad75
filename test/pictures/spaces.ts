/** The same picture in other RGB spaces, each with its profile, as libvips and Little CMS convert it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { ADOBE_RGB, matrixProfile } from './icc.ts';
import type { Size } from './scenes.ts';

const ENCODE = {
  png: (image: Sharp) => image.png({ compressionLevel: 1 }),
  webp: (image: Sharp) => image.webp({ lossless: true, effort: 0 }),
  tiff: (image: Sharp) => image.tiff({ compression: 'lzw' }),
  jpeg: (image: Sharp) => image.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }),
  avif: (image: Sharp) => image.avif({ quality: 90, effort: 0, chromaSubsampling: '4:4:4' }),
};

/** @param rgb height × width × 3 bytes, in sRGB. Names are `<space>.<encoding>`. */
export async function* picturesInSpaces(
  rgb: Uint8Array,
  size: Size,
): AsyncGenerator<readonly [name: string, file: Uint8Array]> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-icc-'));
  try {
    const adobe = path.join(scratch, 'adobe.icc');
    writeFileSync(adobe, matrixProfile(ADOBE_RGB));
    for (const [space, profile] of Object.entries({ srgb: 'srgb', p3: 'p3', adobe })) {
      for (const [encoding, encode] of Object.entries(ENCODE)) {
        const image = sharp(rgb, { raw: { ...size, channels: 3 } }).withIccProfile(profile);
        yield [`${space}.${encoding}`, new Uint8Array(await encode(image).toBuffer())];
      }
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
