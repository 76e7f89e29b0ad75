/** Files whose stated size is zero, too large, or not that of their data. */
import { gridData, heif, hvcC, ispe } from '../image/boxes.ts';
import { type Encoding, encode } from '../pictures/encode.ts';
import type { Broken, Files } from './broken.ts';
import * as png from './crafted.ts';
import { gifOfDots, gifOfFrame, webpWithCanvas } from './crafted-frames.ts';

export async function wrongSizes({ file }: Files): Promise<readonly Broken[]> {
  const jpeg = file('jpeg-420');

  return [
    // Sizes of zero.
    { name: 'a PNG 0 wide', bytes: png.hollowPng(0, 240), expected: 'image_unreadable' },
    { name: 'a JPEG 0 high', bytes: withJpegHeight(jpeg, 0), expected: 'image_unreadable' },
    { name: 'a GIF 0 wide, with a frame', bytes: gifOfDots(0, 10, 1), expected: 'answered' },
    { name: 'a GIF of an empty frame', bytes: gifOfFrame(0, 0), expected: 'image_unreadable' },
    {
      name: 'a BMP 0 high',
      bytes: png.patched(file('bmp-24'), 22, [0, 0, 0, 0]),
      expected: 'image_unreadable',
    },

    ...(await strips()),

    // Sizes that are too large, or larger than the data.
    {
      name: 'a black PNG of 16000×16000 in 30 kB',
      bytes: png.blackPng(16_000, 16_000),
      expected: 'image_area_too_large',
    },
    {
      name: 'a PNG of 16000×16000 without data',
      bytes: png.hollowPng(16_000, 16_000),
      expected: 'image_area_too_large',
    },
    { name: 'a PNG of 600×600 without data', bytes: png.hollowPng(600, 600), expected: 'image_unreadable' },
    {
      name: 'a PNG of 2³¹−1 each way',
      bytes: png.hollowPng(0x7fff_ffff, 0x7fff_ffff),
      expected: 'image_side_too_long',
    },
    {
      name: 'a JPEG that states 65535 rows',
      bytes: withJpegHeight(jpeg, 65_535),
      expected: 'image_side_too_long',
    },
    {
      name: 'a BMP that states 30000×30000',
      bytes: png.patched(file('bmp-24'), 18, [0x30, 0x75, 0, 0, 0x30, 0x75, 0, 0]),
      expected: 'image_area_too_large',
    },
    {
      name: 'a BMP that states 70000×1',
      bytes: png.patched(file('bmp-24'), 18, [0x70, 0x11, 1, 0, 1, 0, 0, 0]),
      expected: 'image_side_too_long',
    },
    {
      name: 'a GIF whose canvas is 16000×16000',
      bytes: gifOfDots(16_000, 16_000, 1),
      expected: 'image_area_too_large',
    },
    {
      name: 'a GIF whose frame is 65535×65535',
      bytes: gifOfFrame(65_535, 65_535),
      expected: 'image_side_too_long',
    },
    {
      name: 'a WebP on a larger canvas',
      bytes: webpWithCanvas(file('webp-lossy'), 16_000, 16_000),
      expected: 'image_unreadable',
    },
    {
      name: 'a WebP on a smaller canvas',
      bytes: webpWithCanvas(file('webp-lossy'), 1, 1),
      expected: 'image_unreadable',
    },
    {
      name: 'an AVIF that states 65535 wide',
      bytes: withStatedWidth(file('avif'), 65_535),
      expected: 'image_side_too_long',
    },
    {
      name: 'an HEIC that states 65535 wide',
      bytes: withStatedWidth(file('heic'), 65_535),
      expected: 'image_side_too_long',
    },
    {
      name: 'an HEIC that states 16000 wide',
      bytes: withStatedWidth(file('heic'), 16_000),
      expected: 'image_area_too_large',
    },
    {
      name: 'an HEIC of 1024 tiles that are one',
      bytes: gridOf(32, 32, 16_384, 16_384),
      expected: 'image_unreadable',
    },
    { name: 'an HEIC whose tiles are its own grid', bytes: gridOfItself(), expected: 'image_unreadable' },
    {
      name: 'an HEIC of tiles without data',
      bytes: gridOf(8, 8, 4096, 4096),
      expected: 'image_unreadable',
    },
    {
      name: 'an AVIF that states 640 wide',
      bytes: withStatedWidth(file('avif'), 640),
      expected: 'image_unreadable',
    },
  ];
}

/** SOF0: marker, length, depth, then the height. */
function withJpegHeight(jpeg: Uint8Array, height: number): Uint8Array {
  const at = Buffer.from(jpeg).indexOf(Buffer.of(0xff, 0xc0)) + 5;
  return png.patched(jpeg, at, [height >> 8, height & 255]);
}

const STRIP_ENCODINGS = [
  'png-rgb8',
  'png-interlaced',
  'jpeg-420',
  'jpeg-progressive',
  'bmp-24',
  'gif',
] as const;

/** All pictures alike, and as long as a side may be. */
function strips(): Promise<readonly Broken[]> {
  const sizes = [20_000, 65_500].flatMap((long) => [
    { width: long, height: 1 },
    { width: 1, height: long },
  ]);
  return Promise.all(
    STRIP_ENCODINGS.flatMap((encoding) => sizes.map((size) => strip(encoding, size.width, size.height))),
  );
}

/** All black. */
async function strip(encoding: Encoding, width: number, height: number): Promise<Broken> {
  const bytes = await encode(new Uint8Array(width * height * 3), encoding, { width, height });
  return { name: `${encoding} of ${width}×${height}`, bytes, expected: 'answered' };
}

/** Tiles of 512×512, all the same item. */
function gridOf(columns: number, rows: number, width: number, height: number): Uint8Array {
  const tiles = Array.from({ length: columns * rows }, () => 2);
  return heif({
    items: [
      { id: 1, type: 'grid', properties: [ispe(width, height)], data: { method: 1, at: 0, bytes: 8 } },
      { id: 2, type: 'hvc1', properties: [hvcC(), ispe(512, 512)] },
    ],
    references: [['dimg', 1, ...tiles]],
    idat: gridData(columns, rows, width, height),
  });
}

function gridOfItself(): Uint8Array {
  return heif({
    items: [
      { id: 1, type: 'grid', properties: [ispe(512, 512), hvcC()], data: { method: 1, at: 0, bytes: 8 } },
    ],
    references: [['dimg', 1, 1]],
    idat: gridData(1, 1, 512, 512),
  });
}

/** `ispe`: type, version and flags, then the width. */
function withStatedWidth(avif: Uint8Array, width: number): Uint8Array {
  const at = Buffer.from(avif).indexOf('ispe') + 8;
  return png.patched(avif, at, [0, 0, width >> 8, width & 255]);
}
