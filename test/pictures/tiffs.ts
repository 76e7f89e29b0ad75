/** TIFF in compressions that only libtiff writes here, as part of sharp. */
import sharp, { type Sharp } from 'sharp';
import { draw } from './encode.ts';
import { SPIDER_WEB } from './scenes.ts';

/** More than a million pixels: more than one piece, and not a whole number of tiles, strips or MCUs. */
const SIZE = { width: 1283, height: 971 };

const ENCODE: Readonly<Record<string, (image: Sharp) => Sharp>> = {
  'jpeg in strips': (image) => image.withMetadata({ orientation: 6 }).tiff({ compression: 'jpeg' }),
  'jpeg in tiles': (image) =>
    image.withIccProfile('p3').tiff({ compression: 'jpeg', tile: true, tileWidth: 256, tileHeight: 128 }),
  'jpeg cmyk': (image) => image.toColourspace('cmyk').tiff({ compression: 'jpeg' }),
  fax: (image) => image.threshold(60).toColourspace('b-w').tiff({ compression: 'ccittfax4', bitdepth: 1 }),
};

/** Each as `tiff, fax`. */
export async function* tiffPictures(): AsyncGenerator<readonly [name: string, file: Uint8Array]> {
  const rgb = await draw(SPIDER_WEB, SIZE);
  for (const [name, encode] of Object.entries(ENCODE)) {
    const image = encode(sharp(rgb, { raw: { ...SIZE, channels: 3 } }));
    yield [`tiff, ${name}`, new Uint8Array(await image.toBuffer())];
  }
}
