/** PNGs whose streams inflate without end, and floods of chunks (PNG Third Edition). */
import { deflateSync } from 'node:zlib';
import { chunk, filtered, type Kind, pngOf } from '../pictures/png.ts';
import { type Bomb, BYTE_SIZES, filledWith, joined, LARGEST_BYTES, times } from './bomb.ts';
import { EMPTY_BLOCKS, zlibAfter, zlibOfZeros } from './deflate.ts';

const SIZE = { width: 320, height: 240 };
const GREY: Kind = { colour: 'grey', depth: 8 };
/** The offset after the signature and IHDR. */
const HEAD_BYTES = 8 + 25;
const ROWS = filtered(new Uint8Array(SIZE.width * SIZE.height), SIZE, GREY);
const END_BYTES = 12;
const RGB: Kind = { colour: 'rgb', depth: 8 };

const picture = pngOf(SIZE, GREY, deflateSync(ROWS));

function withChunks(chunks: Uint8Array): Uint8Array {
  return joined(picture.subarray(0, HEAD_BYTES), chunks, picture.subarray(HEAD_BYTES));
}

function withData(chunks: Uint8Array): Uint8Array {
  return joined(picture.subarray(0, HEAD_BYTES), chunks, picture.subarray(-END_BYTES));
}

const flood = (name: string, piece: Uint8Array): Bomb => ({
  name: `PNG: ${name}`,
  sizes: BYTE_SIZES,
  unit: 'bytes',
  make: (bytes) => withChunks(filledWith(piece, bytes - 2000)),
});

/** Texts, profiles and similar chunks that inflate to 100 MiB each, or one that inflates to all of it. */
const TEXTS = { zTXt: 't\0\0', iTXt: 't\0\x01\0\0\0', iCCP: 'p\0\0' } as const;
const inflating = Object.entries(TEXTS).flatMap(([type, head]): Bomb[] => [
  {
    name: `PNG: ${type} of 100 MiB each`,
    sizes: [1, 30, 190],
    unit: 'chunks',
    make: (count) => withChunks(times(chunk(type, joined(head, zlibOfZeros(100))), count)),
  },
  {
    name: `PNG: one ${type}`,
    sizes: [100, 1000, 18_000],
    unit: 'MiB inflated',
    make: (mebibytes) => withChunks(chunk(type, joined(head, zlibOfZeros(mebibytes)))),
  },
]);

const pixels: readonly Bomb[] = [
  {
    name: 'PNG: pixels go on behind the last row',
    sizes: [100, 1000, 18_000],
    unit: 'MiB inflated',
    make: (mebibytes) => withData(chunk('IDAT', zlibOfZeros(mebibytes, ROWS))),
  },
  ...Object.entries(EMPTY_BLOCKS).map(
    ([what, piece]): Bomb => ({
      name: `PNG: ${what}`,
      sizes: BYTE_SIZES,
      unit: 'bytes',
      make: (bytes) => withData(chunk('IDAT', zlibAfter(piece, bytes - 2000, ROWS))),
    }),
  ),
  ...Object.entries(EMPTY_BLOCKS).map(
    ([what, piece]): Bomb => ({
      name: `PNG: a profile of ${what}`,
      sizes: BYTE_SIZES,
      unit: 'bytes',
      make: (bytes) =>
        withChunks(chunk('iCCP', joined('p\0\0', zlibAfter(piece, bytes - 2000, new Uint8Array(128))))),
    }),
  ),
  {
    name: 'PNG: pixels in chunks of no byte',
    sizes: BYTE_SIZES,
    unit: 'bytes',
    make: (bytes) =>
      withData(
        joined(filledWith(chunk('IDAT', new Uint8Array()), bytes - 2000), chunk('IDAT', deflateSync(ROWS))),
      ),
  },
  {
    name: 'PNG: pixels in chunks of one byte',
    sizes: [320, 1200],
    unit: 'pixels wide',
    make: (width) => {
      const size = { width, height: width };
      return pngOf(
        size,
        { ...GREY, chunkBytes: 1 },
        deflateSync(filtered(noise(width * width), size, GREY), { level: 0 }),
      );
    },
  },
  ...([false, true] as const).map(
    (interlaced): Bomb => ({
      name: `PNG: ${interlaced ? 'interlaced' : 'black'}, 12 and 24 megapixels`,
      sizes: [3500, 4900],
      unit: 'pixels wide',
      make: (width) => {
        const size = { width, height: width };
        return pngOf(
          size,
          { ...RGB, interlaced },
          zlibOfZeros(Math.ceil(((3 * width + 9) * (width + 9) * 1.01) / 2 ** 20)),
        );
      },
    }),
  ),
  {
    name: 'PNG: noise, every row by Paeth',
    sizes: [1000, 2500],
    unit: 'pixels wide',
    make: (width) => pngOf({ width, height: width }, RGB, deflateSync(rowsOfNoise(width, 4), { level: 1 })),
  },
];

function noise(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => Math.imul(i, 2654435761) >>> 24);
}

/** Rows of RGB, each with its filter byte. */
function rowsOfNoise(width: number, filter: number): Uint8Array {
  const rows = noise((3 * width + 1) * width).map((value) => value & 0x3f);
  for (let y = 0; y < width; y++) rows[y * (3 * width + 1)] = filter;
  return rows;
}

export const PNG_BOMBS: readonly Bomb[] = [
  ...inflating,
  flood('chunks, empty', chunk('teSt', new Uint8Array())),
  flood('palettes', chunk('PLTE', times([1, 2, 3], 256))),
  flood('transparent colours', chunk('tRNS', Uint8Array.of(0, 1))),
  flood('animation controls', chunk('acTL', times([0], 8))),
  flood('Exif chunks', chunk('eXIf', joined('II', [42, 0, 8, 0, 0, 0, 0, 0]))),
  flood('profiles, empty', chunk('iCCP', joined('p\0\0', deflateSync(new Uint8Array(0))))),
  {
    name: 'PNG: chunks behind the pixels',
    sizes: [LARGEST_BYTES],
    unit: 'bytes',
    make: (bytes) =>
      joined(
        picture.subarray(0, -END_BYTES),
        filledWith(chunk('eXIf', new Uint8Array()), bytes - 2000),
        picture.subarray(-END_BYTES),
      ),
  },
  ...pixels,
];
