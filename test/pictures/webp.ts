/** WebP in its encoders' variants, each with the pixels that libwebp, as part of sharp, decodes from it. */
import sharp, { type Sharp, type WebpOptions } from 'sharp';
import { draw } from './encode.ts';
import { SPIDER_WEB } from './scenes.ts';

/** Neither side is a whole number of macroblocks, nor even. */
const SIZE = { width: 333, height: 257 };

/** Together they use every filter, segmentation and kind of prediction. */
const LOSSY: Readonly<Record<string, WebpOptions>> = {
  'least quality': { quality: 1, effort: 6 },
  'low quality': { quality: 20, effort: 4 },
  fast: { quality: 60, effort: 0 },
  usual: { quality: 80, effort: 4 },
  'most quality': { quality: 100, effort: 4 },
  drawing: { quality: 30, effort: 6, preset: 'drawing' },
  icon: { quality: 50, effort: 4, preset: 'icon' },
};

/** Pictures derived from the spider web's pixels, so that the encoder applies each of its transforms. */
const LOSSLESS: Readonly<Record<string, (rgb: Uint8Array) => Uint8Array>> = {
  'as it is': (rgb) => rgb,
  noise: (rgb) => rgb.map((value, i) => value ^ (Math.imul(i, 2654435761) >>> 24)),
  'two colours': (rgb) => grey(rgb, 128),
  'four colours': (rgb) => grey(rgb, 64),
  'sixteen colours': (rgb) => grey(rgb, 16),
  'many colours': (rgb) => grey(rgb, 2),
};

function grey(rgb: Uint8Array, step: number): Uint8Array {
  return rgb.map((_, i) => Math.floor((rgb[i - (i % 3)] ?? 0) / step) * step);
}

/** Each file as `webp lossy: usual`, and libwebp's RGBA result as `webp lossy: usual, decoded`. */
export async function* webpPictures(): AsyncGenerator<readonly [name: string, bytes: Uint8Array]> {
  const rgb = await textured();
  for (const [name, options] of Object.entries(LOSSY)) {
    yield* both(`webp lossy: ${name}`, image(rgb, 3).webp(options));
    if (options.effort !== 4) continue;
    yield* both(`webp alpha: ${name}`, image(withAlpha(rgb), 4).webp(options));
  }
  yield* both('webp alpha: in few steps', image(withAlpha(rgb), 4).webp({ alphaQuality: 20 }));
  for (const [name, change] of Object.entries(LOSSLESS)) {
    const changed = image(change(rgb), 3);
    yield* both(`webp lossless: ${name}`, changed.clone().webp({ lossless: true, effort: 4 }));
    yield* both(`webp lossless: ${name}, fast`, changed.webp({ lossless: true, effort: 0 }));
  }
  yield* both('webp lossless: alpha', image(withAlpha(rgb), 4).webp({ lossless: true, effort: 4 }));
}

async function* both(name: string, encoded: Sharp): AsyncGenerator<readonly [string, Uint8Array]> {
  const file = new Uint8Array(await encoded.toBuffer());
  yield [name, file];
  yield [`${name}, decoded`, new Uint8Array(await sharp(file).ensureAlpha().raw().toBuffer())];
}

function image(pixels: Uint8Array, channels: 3 | 4): Sharp {
  return sharp(pixels, { raw: { ...SIZE, channels } });
}

/** The spider web with waves of colour and some grain, so that no block is empty. */
async function textured(): Promise<Uint8Array> {
  const rgb = await draw(SPIDER_WEB, SIZE);
  let state = 1;
  return rgb.map((value, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const x = Math.floor(i / 3) % SIZE.width;
    const wave = 40 * Math.sin(x / 23 + 2 * (i % 3)) + (state >>> 28);
    return Math.min(Math.max(value / 1.5 + 30 + wave, 0), 255);
  });
}

/** Transparent at the left and opaque at the right, with rings in it. */
function withAlpha(rgb: Uint8Array): Uint8Array {
  const rgba = new Uint8Array((rgb.length / 3) * 4);
  for (let pixel = 0; pixel < rgb.length / 3; pixel++) {
    const [x, y] = [pixel % SIZE.width, Math.floor(pixel / SIZE.width)];
    const ring = 80 * Math.sin(Math.hypot(x - 160, y - 120) / 9);
    rgba.set(rgb.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
    rgba[pixel * 4 + 3] = Math.min(Math.max(2 * x - 150 + ring, 0), 255);
  }
  return rgba;
}
