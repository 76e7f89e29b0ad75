/** Files that are not pictures, that expand or point where they should not, and unsupported kinds. */
import { box, ftyp, heif } from '../image/boxes.ts';
import { bytesOf } from '../image/headers.ts';
import { draw } from '../pictures/encode.ts';
import { CROSSWORD } from '../pictures/scenes.ts';
import type { Broken, Files } from './broken.ts';
import * as png from './crafted.ts';
import { animatedWebp, gifOfDots } from './crafted-frames.ts';
import { randomOf } from './random.ts';

const SIZE = { width: 320, height: 240 };

export function noPictures({ file, whole }: Files): readonly Broken[] {
  const jpeg = file('jpeg-420');
  const random = randomOf(1, 0);
  const noise = Uint8Array.from({ length: 10_000 }, () => random.below(256));

  return [
    { name: 'one byte', bytes: jpeg.slice(0, 1), expected: 'image_format_unsupported' },
    { name: 'random bytes', bytes: noise, expected: 'image_format_unsupported' },
    { name: 'zeros', bytes: new Uint8Array(10_000), expected: 'image_format_unsupported' },
    { name: 'a web page', bytes: text('<!doctype html><p>404'), expected: 'image_format_unsupported' },
    {
      name: 'an SVG',
      bytes: text('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      expected: 'image_format_unsupported',
    },
    { name: 'a PDF', bytes: text('%PDF-1.7\n%%EOF'), expected: 'image_format_unsupported' },
    {
      name: 'a script for a drawing program',
      bytes: text('push graphic-context\npop graphic-context'),
      expected: 'image_format_unsupported',
    },
    { name: "a JPEG's first three bytes", bytes: jpeg.slice(0, 3), expected: 'image_unreadable' },

    // Wrong content types: only the bytes count.
    { name: 'a JPEG as image/png', bytes: jpeg, contentType: 'image/png', ...whole('jpeg-420') },
    { name: 'a JPEG as text/html', bytes: jpeg, contentType: 'text/html', ...whole('jpeg-420') },
    {
      name: 'a JPEG as application/json',
      bytes: jpeg,
      contentType: 'application/json',
      ...whole('jpeg-420'),
    },
    {
      name: 'a WebP as image/avif',
      bytes: file('webp-lossy'),
      contentType: 'image/avif',
      ...whole('webp-lossy'),
    },
  ];
}

/** Small files that expand, or that take long. */
export function bombs({ file, whole }: Files): readonly Broken[] {
  const jpeg = file('jpeg-420');

  return [
    {
      name: 'a PNG with a profile of 100 MiB',
      bytes: png.withInflatingChunk(file('png-rgb8'), 'iCCP', 'p\0\0', 100),
      ...whole('png-rgb8'),
    },
    {
      name: 'a PNG with a text of 100 MiB',
      bytes: png.withInflatingChunk(file('png-rgb8'), 'zTXt', 't\0\0', 100),
      ...whole('png-rgb8'),
    },
    {
      name: 'a PNG whose pixels go on for 100 MiB',
      bytes: png.withEndlessPixels(320, 240, 100),
      expected: 'answered',
    },
    {
      name: 'a PNG with 100,000 empty chunks',
      bytes: png.withEmptyChunks(file('png-rgb8'), 100_000),
      ...whole('png-rgb8'),
    },
    {
      name: 'a JPEG with 9,000 APP segments',
      bytes: png.withAppSegments(jpeg, 9000),
      ...whole('jpeg-420'),
    },
    {
      name: 'a JPEG with 10,000 APP segments',
      bytes: png.withAppSegments(jpeg, 10_000),
      expected: 'image_unreadable',
    },
    {
      name: 'a progressive JPEG with 500 scans more',
      bytes: png.withScans(file('jpeg-progressive'), 500),
      expected: 'image_unreadable',
    },
    { name: 'a GIF of 10,000 frames', bytes: gifOfDots(320, 240, 10_000), expected: 'answered' },
  ];
}

export async function dangling({ file, whole }: Files): Promise<readonly Broken[]> {
  const [jpeg, tiff] = [file('jpeg-420'), file('tiff-none')];
  const tiffDirectory = new DataView(tiff.buffer).getUint32(4, true);
  const moving = await animatedWebp(await draw(CROSSWORD, SIZE), SIZE.width, SIZE.height);

  return [
    // Pointers in a ring, and outside the file.
    {
      name: 'a TIFF whose directory is followed by itself',
      bytes: withTiffRing(tiff, tiffDirectory),
      ...whole('tiff-none'),
    },
    {
      name: 'a TIFF whose directory is its own header',
      bytes: png.patched(tiff, 4, [0, 0, 0, 0]),
      expected: 'image_unreadable',
    },
    {
      name: 'a TIFF whose directory is past its end',
      bytes: png.patched(tiff, 4, [0, 0, 0, 0x7f]),
      expected: 'image_unreadable',
    },
    { name: 'a JPEG whose EXIF directories are a ring', bytes: png.withExifRing(jpeg), ...whole('jpeg-420') },
    {
      name: 'an icon whose picture is past its end',
      bytes: png.patched(file('ico-png'), 18, [0, 0, 0, 0x7f]),
      expected: 'image_unreadable',
    },

    // Unsupported kinds, and containers without a picture.
    { name: 'an animated WebP', bytes: moving, expected: 'answered', label: CROSSWORD.label },
    {
      name: 'a JPEG that claims arithmetic coding',
      bytes: png.patched(jpeg, Buffer.from(jpeg).indexOf(Buffer.of(0xff, 0xc0)), [0xff, 0xc9]),
      // Any bits form a picture in such codes.
      expected: 'answered',
    },
    { name: 'a PNG without pixels', bytes: png.pngWithoutPixels(), expected: 'image_unreadable' },
    {
      name: 'an HEIC that is a sequence alone',
      bytes: bytesOf(ftyp('hevc', 'msf1'), box('moov')),
      expected: 'image_kind_unsupported',
    },
    {
      name: 'a BigTIFF without a directory',
      bytes: bytesOf('II', 43, new Uint8Array(40)),
      expected: 'image_unreadable',
    },
    { name: 'an HEIC of boxes only', bytes: heif(), expected: 'image_unreadable' },
  ];
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

function withTiffRing(tiff: Uint8Array, directory: number): Uint8Array {
  const entries = new DataView(tiff.buffer).getUint16(directory, true);
  const le32 = [directory, directory >> 8, directory >> 16, directory >>> 24].map((byte) => byte & 255);
  return png.patched(tiff, directory + 2 + entries * 12, le32);
}
