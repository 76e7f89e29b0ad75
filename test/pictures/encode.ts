/**
 * Draws a scene at a size and encodes it, so that no test needs a picture file.
 *
 * Runs in Node (a global setup or a benchmark), never in workerd: `sharp` is native code.
 */
import sharp, { type Sharp } from 'sharp';
import { bmp } from './bmp.ts';
import { type Scene, type Size, svg } from './scenes.ts';

const FAST = { compressionLevel: 1 };

/** Every encoding that a decoder treats differently. */
const OPAQUE = {
  'jpeg-420': (image: Sharp) => image.jpeg({ chromaSubsampling: '4:2:0' }),
  'jpeg-444': (image: Sharp) => image.jpeg({ chromaSubsampling: '4:4:4' }),
  'jpeg-grey': (image: Sharp) => image.toColourspace('b-w').jpeg(),
  'jpeg-cmyk': (image: Sharp) => image.toColourspace('cmyk').jpeg(),
  'jpeg-progressive': (image: Sharp) => image.jpeg({ progressive: true }),
  'jpeg-progressive-444': (image: Sharp) => image.jpeg({ progressive: true, chromaSubsampling: '4:4:4' }),
  'png-rgb8': (image: Sharp) => image.png(FAST),
  'png-grey8': (image: Sharp) => image.toColourspace('b-w').png(FAST),
  'png-rgb16': (image: Sharp) => image.toColourspace('rgb16').png(FAST),
  'png-palette8': (image: Sharp) => image.png({ ...FAST, palette: true, effort: 1 }),
  'png-palette1': (image: Sharp) => image.png({ ...FAST, palette: true, effort: 1, colours: 2, dither: 0 }),
  'png-interlaced': (image: Sharp) => image.png({ ...FAST, progressive: true }),
  'webp-lossy': (image: Sharp) => image.webp({ effort: 0 }),
  'webp-lossless': (image: Sharp) => image.webp({ lossless: true, effort: 0 }),
  gif: (image: Sharp) => image.gif({ effort: 1, dither: 0 }),
};

const TRANSPARENT = {
  'png-rgba8': (image: Sharp) => image.png(FAST),
  'png-rgba16': (image: Sharp) => image.toColourspace('rgb16').png(FAST),
  'webp-alpha': (image: Sharp) => image.webp({ effort: 0 }),
};

const BMP_DEPTHS = { 'bmp-8': 8, 'bmp-24': 24, 'bmp-32': 32 } as const;

export type Encoding = keyof typeof OPAQUE | keyof typeof TRANSPARENT | keyof typeof BMP_DEPTHS;

// By their type, the keys of the three tables are Encodings; Object.keys returns strings.
export const ENCODINGS = Object.keys({ ...OPAQUE, ...TRANSPARENT, ...BMP_DEPTHS }) as readonly Encoding[];

/** The scene as a file. The drawing is centred, and its background extends to every edge. */
export async function picture(scene: Scene, encoding: Encoding, size: Size): Promise<Uint8Array> {
  return encode(await draw(scene, size), encoding, size);
}

/** The scene as height × width × 3 bytes, row by row from the top. */
export async function draw(scene: Scene, size: Size): Promise<Uint8Array> {
  return sharp(Buffer.from(svg(scene, size)))
    .flatten()
    .toColourspace('srgb')
    .raw()
    .toBuffer();
}

/** `rgb`: height × width × 3 bytes, row by row from the top. */
export async function encode(rgb: Uint8Array, encoding: Encoding, size: Size): Promise<Uint8Array> {
  if (isKey(BMP_DEPTHS, encoding)) return bmp(rgb, size, BMP_DEPTHS[encoding]);
  const image = isKey(OPAQUE, encoding)
    ? OPAQUE[encoding](sharp(rgb, { raw: { ...size, channels: 3 } }))
    : TRANSPARENT[encoding](sharp(withClearCorner(rgb, size), { raw: { ...size, channels: 4 } }));
  return new Uint8Array(await image.toBuffer());
}

function isKey<Table extends object>(table: Table, key: PropertyKey): key is keyof Table {
  return key in table;
}

/** Adds an alpha channel. One corner is transparent, since encoders drop a channel that is opaque throughout. */
function withClearCorner(rgb: Uint8Array, { width, height }: Size): Uint8Array {
  const rgba = new Uint8Array(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++) {
    rgba.set(rgb.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
    const clear = pixel % width < width >> 3 && pixel < width * (height >> 3);
    rgba[pixel * 4 + 3] = clear ? 0 : 255;
  }
  return rgba;
}
