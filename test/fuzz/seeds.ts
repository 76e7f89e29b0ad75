/** Valid files of every format that the Worker reads, each of a scene that the network knows. */
import sharp, { type Sharp } from 'sharp';
import { draw, ENCODINGS, encode } from '../pictures/encode.ts';
import { HEIC_CLOCK } from '../pictures/heic.ts';
import { ORIENTED_ENCODINGS, orientedFile } from '../pictures/oriented.ts';
import { DIGITAL_CLOCK, SCENES, type Scene, type Size } from '../pictures/scenes.ts';
import { bitmapIcon, pngIcon } from './icon.ts';
import { withThumbnail } from './thumbnail.ts';

export type Format = 'jpeg' | 'png' | 'gif' | 'webp' | 'bmp' | 'tiff' | 'ico' | 'avif' | 'heic';

export interface Seed {
  readonly name: string;
  readonly format: Format;
  readonly bytes: Uint8Array;
  /** The label that the network gives it. */
  readonly label: string;
}

/** Small, so that many can be sent, but larger than the crop. */
const SIZE = { width: 320, height: 240 };
/** A bitmap in an icon is no larger; the crop cuts off as much on each side as of the others. */
const ICON = { width: 256, height: 256 };
/** Large enough that libjpeg decodes it at half size, which is another decoder here. */
const SCALED = { width: 800, height: 600 };
/** Large enough to be decoded row by row: 5.2 megapixels; and 3.2, which suffices with alpha or lossless. */
const BY_ROWS = {
  'webp-rows': ['webp-lossy', { width: 2624, height: 1968 }],
  'webp-rows-alpha': ['webp-alpha', { width: 2080, height: 1560 }],
  'webp-rows-lossless': ['webp-lossless', { width: 2080, height: 1560 }],
} as const;

const TIFFS = {
  none: (image: Sharp) => image.tiff({ compression: 'none' }),
  lzw: (image: Sharp) => image.tiff({ compression: 'lzw' }),
  deflate: (image: Sharp) => image.tiff({ compression: 'deflate', predictor: 'horizontal' }),
  packbits: (image: Sharp) => image.tiff({ compression: 'packbits' }),
  tiled: (image: Sharp) => image.tiff({ compression: 'lzw', tile: true, tileWidth: 64, tileHeight: 64 }),
};

/** Draws them. Neighbours mostly show different scenes, so that an answer for the wrong file is noticed. */
export async function drawSeeds(): Promise<readonly Seed[]> {
  const seeds: Seed[] = [];
  const add = async (
    name: string,
    size: Size,
    make: (rgb: Uint8Array) => Uint8Array | Promise<Uint8Array>,
  ) => {
    const scene = sceneFor(name);
    const bytes = await make(await draw(scene, size));
    seeds.push({ name, format: formatOf(name), bytes, label: scene.label });
  };
  for (const encoding of ENCODINGS) await add(encoding, SIZE, (rgb) => encode(rgb, encoding, SIZE));
  for (const encoding of ORIENTED_ENCODINGS) {
    await add(`${encoding}-turned`, SIZE, (rgb) => orientedFile(rgb, SIZE, encoding, 6));
  }
  await add('jpeg-scaled', SCALED, (rgb) => encode(rgb, 'jpeg-420', SCALED));
  for (const [name, [encoding, size]] of Object.entries(BY_ROWS)) {
    await add(name, size, (rgb) => encode(rgb, encoding, size));
  }
  await add('jpeg-thumbnail', SIZE, async (rgb) => withThumbnail(await encode(rgb, 'jpeg-420', SIZE)));
  await add('gif-animated', SIZE, (rgb) => animation(rgb));
  for (const [name, write] of Object.entries(TIFFS)) {
    await add(`tiff-${name}`, SIZE, async (rgb) => bytesOf(write(image(rgb))));
  }
  await add('avif', SIZE, async (rgb) => bytesOf(image(rgb).avif({ effort: 0 })));
  seeds.push({ name: 'heic', format: 'heic', bytes: HEIC_CLOCK, label: DIGITAL_CLOCK.label });
  await add('ico-bitmap', ICON, (rgb) => bitmapIcon(rgb, ICON.width));
  await add('ico-png', ICON, async (rgb) => pngIcon(await encode(rgb, 'png-rgb8', ICON), ICON.width));
  return seeds;
}

/** Depends on the name alone, so that a new file does not change the contents of the others. */
function sceneFor(name: string): Scene {
  const letters = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const scene = SCENES[letters % SCENES.length];
  if (scene === undefined) throw new Error('there are no scenes');
  return scene;
}

function formatOf(name: string): Format {
  const formats = ['jpeg', 'png', 'gif', 'webp', 'bmp', 'tiff', 'ico', 'avif', 'heic'] as const;
  const format = formats.find((candidate) => name.startsWith(candidate));
  if (format === undefined) throw new Error(`${name} is of no format`);
  return format;
}

function image(rgb: Uint8Array): Sharp {
  return sharp(rgb, { raw: { ...SIZE, channels: 3 } });
}

/** Two frames, the second a negative of the first. */
async function animation(rgb: Uint8Array): Promise<Uint8Array> {
  const both = Buffer.concat([rgb, rgb.map((value) => 255 - value)]);
  const { width, height } = SIZE;
  const raw = { width, height: 2 * height, channels: 3, pageHeight: height } as const;
  return bytesOf(sharp(both, { raw }).gif({ effort: 1 }));
}

async function bytesOf(encoded: Sharp): Promise<Uint8Array> {
  return new Uint8Array(await encoded.toBuffer());
}
