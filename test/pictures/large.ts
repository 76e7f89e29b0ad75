/** Pictures as large as those of cameras and phones, and some just within or above a limit. */
import sharp, { type AvifOptions, type Sharp } from 'sharp';
import { draw, encode } from './encode.ts';
import { DIGITAL_CLOCK, type Size } from './scenes.ts';

const MEGAPIXELS_12 = { width: 4000, height: 3000 };
const MEGAPIXELS_24 = { width: 5664, height: 4248 };
const MEGAPIXELS_48 = { width: 8000, height: 6000 };

/** Side of the tiles in phones' pictures. */
const TILE = 512;
/** In tiles: 3.1 megapixels. */
const GRID = { columns: 4, rows: 3 };

/** The digital clock each time: its files are small, whatever their size in pixels. */
export async function* largePictures(): AsyncGenerator<readonly [name: string, file: Uint8Array]> {
  yield ['12mp.jpeg-420', await clock('jpeg-420', MEGAPIXELS_12)];
  yield ['8mp.jpeg-progressive', await clock('jpeg-progressive', { width: 3264, height: 2448 })];
  yield ['12mp.jpeg-progressive', await clock('jpeg-progressive', MEGAPIXELS_12)];
  yield ['2mp.jpeg-grey', await clock('jpeg-grey', { width: 1633, height: 1225 })];
  yield ['24mp.jpeg-progressive', await clock('jpeg-progressive', MEGAPIXELS_24)];
  yield ['48mp.jpeg-420', await clock('jpeg-420', MEGAPIXELS_48)];
  yield ['8mp.png-rgb8', await clock('png-rgb8', { width: 3264, height: 2448 })];
  yield ['2mp.jpeg-cmyk', await clock('jpeg-cmyk', { width: 1632, height: 1224 })];
  for (const encoding of ['png-rgba8', 'webp-lossy', 'webp-lossless', 'gif'] as const) {
    yield [`2mp.${encoding}`, await clock(encoding, { width: 1632, height: 1224 })];
  }
  for (const encoding of ['webp-lossy', 'webp-alpha', 'webp-lossless'] as const) {
    yield [`8mp.${encoding}`, await clock(encoding, { width: 3264, height: 2448 })];
  }
  yield* avifPictures();
}

async function clock(encoding: Parameters<typeof encode>[1], size: Size): Promise<Uint8Array> {
  return encode(await draw(DIGITAL_CLOCK, size), encoding, size);
}

/** Transparent at the left, and more opaque from column to column. */
function fading(rgb: Buffer, width: number): Sharp {
  const rgba = new Uint8Array((rgb.length / 3) * 4);
  for (let pixel = 0; pixel < rgb.length / 3; pixel++) {
    rgba.set(rgb.subarray(3 * pixel, 3 * pixel + 3), 4 * pixel);
    rgba[4 * pixel + 3] = Math.round(((pixel % width) * 255) / (width - 1));
  }
  return sharp(rgba, { raw: { width, height: rgb.length / 3 / width, channels: 4 } });
}

/** AVIFs, and the tiles and the thumbnail of a larger picture, each as a file. */
async function* avifPictures(): AsyncGenerator<readonly [string, Uint8Array]> {
  const size = { width: GRID.columns * TILE, height: GRID.rows * TILE };
  const whole = sharp(await draw(DIGITAL_CLOCK, size), { raw: { ...size, channels: 3 } });
  const coded = async (picture: Sharp, options: AvifOptions = {}) =>
    new Uint8Array(await picture.avif({ effort: 0, ...options }).toBuffer());
  const avif = (part: Sharp) => coded(part);
  yield ['1mp.avif', await avif(whole.clone().resize(1168, 876))];
  yield ['3mp.avif', await avif(whole.clone())];
  const four = whole.clone().resize(2310, 1732);
  yield ['4mp.avif-444', await coded(four.clone(), { chromaSubsampling: '4:4:4' })];
  yield ['4mp.avif-420', await coded(four, { chromaSubsampling: '4:2:0' })];
  const eight = whole.clone().resize(3264, 2448);
  yield ['8mp.avif-420', await coded(eight, { chromaSubsampling: '4:2:0' })];
  const small = whole.clone().resize(321, 243);
  yield ['small.avif-420', await coded(small.clone(), { chromaSubsampling: '4:2:0' })];
  yield ['small.avif-444', await coded(small.clone(), { chromaSubsampling: '4:4:4' })];
  // Loop restoration, for which the decoder needs the most stack: only slow encoders use it.
  for (const [chroma, sampling] of [
    ['420', '4:2:0'],
    ['444', '4:4:4'],
  ] as const) {
    yield [
      `slow.avif-${chroma}`,
      await coded(small.clone(), { chromaSubsampling: sampling, effort: 6, quality: 80 }),
    ];
  }
  yield ['small.avif-grey', await coded(small.clone().toColourspace('b-w'))];
  yield ['small.avif-alpha', await coded(fading(await small.clone().raw().toBuffer(), 321))];
  yield ['small.avif-10-bit', await coded(small.clone(), { chromaSubsampling: '4:2:0', bitdepth: 10 })];
  yield ['4mp.avif-10-bit', await coded(whole.clone().resize(2310, 1732), { bitdepth: 10 })];
  yield ['thumbnail.avif', await avif(whole.clone().resize(320, 240))];
  for (let i = 0; i < GRID.columns * GRID.rows; i++) {
    const [left, top] = [(i % GRID.columns) * TILE, Math.floor(i / GRID.columns) * TILE];
    yield [`tile-${i}.avif`, await avif(whole.clone().extract({ left, top, width: TILE, height: TILE }))];
  }
}
