/** Decodes BMP files and the bitmaps of icons, row by row from the file itself. */
import type { Bitmap, BmpHeader, IcoHeader, Size } from '../header.ts';
import { dibStride } from '../headers/dib.ts';
import type { Pixels } from '../pixels.ts';
import type { Shrink } from '../shrink.ts';
import { createShrunkRows, type ShrunkRows, shrunkRowsBytes } from '../shrunk-rows.ts';
import type { Work } from '../turns.ts';
import { readPalette } from './palette.ts';
import { isAlphaBlank, type RowReader, rowReader } from './pixels.ts';
import { decodeRle } from './rle.ts';

const PALETTE_BYTES = 4 * 256;
const OPAQUE = 0xff00_0000;

/** Bytes of memory in addition to the file: the reduced picture, its row of sums, a row of pixels, the palette. */
export function bmpBytes(size: Size, by: Shrink): number {
  return shrunkRowsBytes(size, by, 'by-row') + size.width * Uint32Array.BYTES_PER_ELEMENT + PALETTE_BYTES;
}

/**
 * @param by factor of reduction, across and down.
 * @yields the share of the picture that is done.
 * @returns undefined if the file ends before its picture does. Transparent pixels show white; alpha that is 0
 *   everywhere is ignored, as in Windows.
 */
export function* decodeBmp(bytes: Uint8Array, { bitmap }: BmpHeader, by: Shrink): Work<Pixels | undefined> {
  if (bitmap.compression.startsWith('rle')) return yield* decodeCompressed(bytes, bitmap, by);
  if (!isWhole(bytes, bitmap)) return undefined;
  const hasAlpha =
    bitmap.masks[3] !== 0 && bitmap.bitCount !== 24 && !isAlphaBlank(bytes, bitmap, bitmap.masks[3]);
  const shrunk = createShrunkRows(bitmap, by, 'by-row', !hasAlpha);
  yield* takeRows(bitmap, rowReader(bytes, bitmap), shrunk);
  return shrunk.finish();
}

/**
 * The bitmap of an icon, of any size. At 32 bits its alpha counts, and the mask below only if alpha is 0 everywhere; at
 * fewer bits the mask counts. Missing parts of a mask hide nothing.
 *
 * @yields and @returns as `decodeBmp`; also undefined for a picture that is a PNG.
 */
export function* decodeIconBitmap(
  bytes: Uint8Array,
  { bitmap }: IcoHeader,
  by: Shrink,
): Work<Pixels | undefined> {
  if (bitmap === undefined || !isWhole(bytes, bitmap)) return undefined;
  const alphaMask = bitmap.bitCount === 32 ? OPAQUE >>> 0 : 0;
  const withAlpha = { ...bitmap, masks: withAlphaMask(bitmap.masks, alphaMask) };
  const readRow = rowReader(bytes, withAlpha);
  const shrunk = createShrunkRows(bitmap, by, 'by-row', false);
  const hasAlpha = alphaMask !== 0 && !isAlphaBlank(bytes, withAlpha, alphaMask);
  yield* takeRows(bitmap, hasAlpha ? readRow : maskedReader(bytes, bitmap, readRow), shrunk);
  return shrunk.finish();
}

function withAlphaMask([red, green, blue]: Bitmap['masks'], alpha: number): Bitmap['masks'] {
  return [red, green, blue, alpha];
}

/** The padding of the last row may be missing. */
function isWhole(bytes: Uint8Array, bitmap: Bitmap): boolean {
  const { width, height, bitCount, dataAt } = bitmap;
  return dataAt + dibStride(bitmap) * (height - 1) + Math.ceil((width * bitCount) / 8) <= bytes.length;
}

function* takeRows({ width, height, topDown }: Bitmap, readRow: RowReader, shrunk: ShrunkRows): Work<void> {
  const row = new Uint32Array(width);
  for (let stored = 0; stored < height; stored++) {
    readRow(row, stored);
    shrunk.take(row, topDown ? stored : height - 1 - stored);
    yield 1 / height;
  }
}

/** With a 1-bit mask, 1 for transparent, after the rows of colours and in their order. */
function maskedReader(bytes: Uint8Array, bitmap: Bitmap, readRow: RowReader): RowReader {
  const { width, height, dataAt } = bitmap;
  const stride = dibStride({ width, bitCount: 1 });
  const maskAt = dataAt + dibStride(bitmap) * height;
  return (row, stored) => {
    readRow(row, stored);
    const at = maskAt + stride * stored;
    for (let x = 0; x < width; x++) {
      const isHidden = (((bytes[at + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1) === 1;
      // Within bounds: the row is as wide.
      row[x] = ((row[x] as number) & ~OPAQUE) | (isHidden ? 0 : OPAQUE);
    }
  };
}

function* decodeCompressed(bytes: Uint8Array, bitmap: Bitmap, by: Shrink): Work<Pixels | undefined> {
  const { height, topDown } = bitmap;
  const shrunk = createShrunkRows(bitmap, by, 'by-row', true);
  const isWhole = yield* decodeRle(bytes, bitmap, readPalette(bytes, bitmap), (row, stored) =>
    shrunk.take(row, topDown ? stored : height - 1 - stored),
  );
  return isWhole ? shrunk.finish() : undefined;
}
