/** Pictures of every format, from tiny ones to the limits, in pixels and in bytes of the file. */
import sharp from 'sharp';
import { draw, ENCODINGS, encode } from '../pictures/encode.ts';
import { HEIC_CLOCK } from '../pictures/heic.ts';
import { TIFFS_AND_AVIFS } from '../pictures/more-encodings.ts';
import { DIGITAL_CLOCK, type Size } from '../pictures/scenes.ts';

export interface Picture {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether it must be answered: it is within the limit of pixels and its file is small. */
  readonly fits: boolean;
}

/** Megapixels below the limits; in addition, the limit itself and one just over it. */
const MEGAPIXELS = [0.0001, 0.02, 0.3, 1];
const NEAR = 0.97;
const OVER = 1.06;
/** No picture is drawn larger, whatever the limit: a JPEG's is a side of 16,384. */
const MAX_MEGAPIXELS = 50;
/** Icons have no limit of their own: photon alone reads them, in files of 1 MiB up to some 0.4 megapixels. */
const UNLISTED_PIXELS = 0.35e6;
const MAX_FILE_BYTES = 20 * 2 ** 20;
/** Sides of noise pictures: files from some megabytes to more than is accepted. */
const NOISY = [1000, 2400];

const DRAWN: Size = { width: 1200, height: 900 };

/** The kinds of `GET /v1/limits` by the encodings' names, the most specific first. */
const KINDS: readonly (readonly [starts: string, kind: string])[] = [
  ['jpeg-progressive-444', 'jpeg_progressive_444'],
  ['jpeg-progressive', 'jpeg_progressive'],
  ['jpeg', 'jpeg'],
  ['png-rgba', 'png_alpha'],
  ['png', 'png'],
  ['webp-lossless', 'webp_lossless'],
  ['webp', 'webp'],
  ['avif-10-bit', 'avif_444_10_bit'],
  ['avif-420', 'avif'],
  ['avif', 'avif_444'],
  ['gif', 'gif'],
  ['bmp', 'bmp'],
  ['tiff', 'tiff'],
];
/** Kinds that cost more than their example: near the limit, only the account is checked for them. */
const DEARER = /16$|palette|interlaced|webp-alpha|cmyk|tiff-|bmp-32|ico|lossless/;

export type Write = (rgb: Uint8Array, size: Size) => Promise<Uint8Array> | Uint8Array;
const WRITERS: Readonly<Record<string, Write>> = {
  ...Object.fromEntries(
    ENCODINGS.map((encoding): [string, Write] => [encoding, (rgb, size) => encode(rgb, encoding, size)]),
  ),
  ...TIFFS_AND_AVIFS,
};

/** @param limits pixels by kind, as `GET /v1/limits` lists them. */
export async function* accountPictures(
  limits: Readonly<Record<string, number>>,
  maxMegapixels: number,
): AsyncGenerator<Picture> {
  const scene = sharp(await draw(DIGITAL_CLOCK, DRAWN), { raw: { ...DRAWN, channels: 3 } });
  yield { name: 'heic 0.1 MP', bytes: Uint8Array.from(HEIC_CLOCK), fits: true };
  for (const [encoding, write] of Object.entries(WRITERS)) {
    const kind = KINDS.find(([starts]) => encoding.startsWith(starts))?.[1];
    const limit = (limits[kind ?? ''] ?? UNLISTED_PIXELS) / 1e6;
    const most = Math.min(limit, maxMegapixels, MAX_MEGAPIXELS);
    for (const megapixels of [...MEGAPIXELS.filter((size) => size < most), NEAR * most, OVER * most]) {
      const size = landscape(megapixels);
      const rgb = await scene.clone().resize(size.width, size.height, { kernel: 'nearest' }).raw().toBuffer();
      const bytes = Uint8Array.from(await write(rgb, size));
      if (bytes.length > MAX_FILE_BYTES) continue;
      const fits = megapixels < limit && !(megapixels > 1 && DEARER.test(encoding)) && bytes.length < 2 ** 20;
      yield { name: `${encoding} ${megapixels.toFixed(2)} MP`, bytes, fits };
    }
    for (const side of noisySides(encoding)) {
      const size = { width: side, height: side };
      const bytes = Uint8Array.from(await write(noise(size), size));
      if (bytes.length <= MAX_FILE_BYTES) yield { name: `${encoding} noise ${side}²`, bytes, fits: false };
    }
  }
}

/** Noise takes an AVIF encoder a minute, and its files are never large. */
function noisySides(encoding: string): readonly number[] {
  return encoding.startsWith('avif') ? [] : NOISY;
}

function landscape(megapixels: number): Size {
  const width = Math.max(1, Math.round(Math.sqrt((megapixels * 1e6 * 4) / 3)));
  return { width, height: Math.max(1, Math.floor((megapixels * 1e6) / width)) };
}

function noise({ width, height }: Size): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0, state = 1; i < rgb.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    rgb[i] = state >>> 24;
  }
  return rgb;
}
