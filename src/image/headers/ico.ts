/** Windows icons: a directory of pictures, each a PNG file or a BMP without its file header. */
import { type Bitmap, type ByteRange, broken, type IcoHeader, type Size, type Sniffed } from '../header.ts';
import { viewOf } from './bytes.ts';
import { dibStride, INFO_HEADER_BYTES, isDibHeaderLength, readDib } from './dib.ts';
import { isPng, readPngHeader } from './png.ts';

/** ICONDIR: reserved, type, count. */
const DIRECTORY_BYTES = 6;
/** ICONDIRENTRY: width, height, colours, reserved, planes, bits, then size and position of the picture. */
const ENTRY_BYTES = 16;
/** 1 is an icon, 2 a cursor, which has its hot spot in place of planes and bits. */
const TYPES = [1, 2];
/** More than any program writes; further entries are ignored. */
const MAX_ENTRIES = 256;

/** Signature and IHDR up to the bit depth. */
const PNG_START_BYTES = 25;

interface Entry extends Size {
  readonly data: ByteRange;
  readonly bits: number;
  readonly bitmap?: Bitmap;
}

/** The signature is weak, so the first picture must also come after the directory. */
export function isIco(bytes: Uint8Array): boolean {
  if (bytes.length < DIRECTORY_BYTES + ENTRY_BYTES) return false;
  const view = viewOf(bytes);
  const count = view.getUint16(4, true);
  return (
    view.getUint16(0) === 0 &&
    TYPES.includes(view.getUint16(2, true)) &&
    count > 0 &&
    view.getUint32(DIRECTORY_BYTES + 12, true) >= DIRECTORY_BYTES + count * ENTRY_BYTES
  );
}

/** Finds the largest picture, or at equal size the one with the most colours, and reads its own header. */
export function readIcoHeader(bytes: Uint8Array): Sniffed<IcoHeader> {
  // Prefers pictures that the file contains as its directory says; otherwise those that at least begin in it.
  const largest = largestOf(bytes, (end) => end <= bytes.length) ?? largestOf(bytes, () => true);
  if (largest === undefined) return broken('ico', 'no picture of the ICO can be found');

  const { data, bits, bitmap } = largest;
  if (bitmap !== undefined) return bitmapHeader(bitmap, data, bits);
  const png = readPngHeader(bytes.subarray(data.start, data.end));
  if (png.kind !== 'picture') return broken('ico', 'the largest picture of the ICO is a damaged PNG');
  const { width, height, components, bitDepth, progressive, animated, orientation } = png.header;
  const raster = { width, height, components, bitDepth, progressive, animated, orientation };
  return {
    kind: 'picture',
    header: { format: 'ico', ...raster, entry: data, png: png.header, bitmap: undefined },
  };
}

/** @param isThere whether the file contains the picture up to the end that the directory states. */
function largestOf(bytes: Uint8Array, isThere: (end: number) => boolean): Entry | undefined {
  const view = viewOf(bytes);
  const count = Math.min(MAX_ENTRIES, view.getUint16(4, true));
  let largest: Entry | undefined;
  for (let i = 0; i < count; i++) {
    const at = DIRECTORY_BYTES + i * ENTRY_BYTES;
    if (at + ENTRY_BYTES > bytes.length) break;
    const start = view.getUint32(at + 12, true);
    const end = start + view.getUint32(at + 8, true);
    if (start < DIRECTORY_BYTES + ENTRY_BYTES || start >= bytes.length || !isThere(end)) continue;
    const entry = readEntry(bytes, { start, end: Math.min(end, bytes.length) });
    if (entry !== undefined && (largest === undefined || isLarger(entry, largest))) largest = entry;
  }
  return largest;
}

function isLarger(one: Entry, other: Entry): boolean {
  const more = one.width * one.height - other.width * other.height;
  return more > 0 || (more === 0 && one.bits > other.bits);
}

/** The size is read from the picture itself: the directory has one byte for it, and programs leave it 0. */
function readEntry(bytes: Uint8Array, data: ByteRange): Entry | undefined {
  const { start, end } = data;
  const view = viewOf(bytes);
  if (end - start >= PNG_START_BYTES && isPng(bytes.subarray(start, end))) {
    // IHDR: width, height, bit depth (PNG Third Edition §11.2.1).
    const bits = 4 * view.getUint8(start + 24);
    return { data, width: view.getUint32(start + 16), height: view.getUint32(start + 20), bits };
  }
  // A bitmap's own length is more reliable than the directory's, which may be 0.
  if (start + INFO_HEADER_BYTES > bytes.length) return undefined;
  const headerBytes = view.getUint32(start, true);
  if (headerBytes < INFO_HEADER_BYTES || !isDibHeaderLength(headerBytes)) return undefined;
  if (start + headerBytes > bytes.length) return undefined;
  const dib = readDib(bytes, start, 0);
  if (!('bitCount' in dib) || dib.compression.startsWith('rle')) return undefined;
  // biHeight counts the colours and the mask below them.
  const bitmap = { ...dib, height: dib.height / 2 };
  if (!Number.isInteger(bitmap.height)) return undefined;
  const { width, height, bitCount: bits, dataAt } = bitmap;
  const own = dataAt + (dibStride(bitmap) + dibStride({ width, bitCount: 1 })) * height;
  return { data: { start, end: Math.min(bytes.length, Math.max(end, own)) }, width, height, bits, bitmap };
}

/** At any depth, the mask or the fourth byte makes parts of it transparent. */
function bitmapHeader(bitmap: Bitmap, entry: ByteRange, bits: number): Sniffed<IcoHeader> {
  const header: IcoHeader = {
    format: 'ico',
    width: bitmap.width,
    height: bitmap.height,
    components: bits <= 8 ? 1 : 4,
    bitDepth: bits <= 8 ? bits : bits === 16 ? 5 : 8,
    progressive: false,
    animated: false,
    orientation: 1,
    entry,
    png: undefined,
    bitmap,
  };
  return { kind: 'picture', header };
}
