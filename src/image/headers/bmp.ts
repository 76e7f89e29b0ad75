import { type BmpHeader, broken, type Sniffed } from '../header.ts';
import { viewOf } from './bytes.ts';

/** BITMAPFILEHEADER; the DIB header that follows starts with its own size. */
const FILE_HEADER_BYTES = 14;
const CORE_HEADER_BYTES = 12;
/** BITMAPINFOHEADER and its later versions 2–5, which all start with the same fields. */
const INFO_HEADER_BYTES = [40, 52, 56, 108, 124];

/** By biCompression: BI_RGB, BI_RLE8, BI_RLE4, BI_BITFIELDS, and the bit counts each is defined for. */
const COMPRESSIONS: readonly { compression: BmpHeader['compression']; bitCounts: readonly number[] }[] = [
  { compression: 'none', bitCounts: [1, 2, 4, 8, 16, 24, 32] },
  { compression: 'rle', bitCounts: [8] },
  { compression: 'rle', bitCounts: [4] },
  { compression: 'bitfields', bitCounts: [16, 32] },
];

/** `BM` alone is the start of many a text: the size of the DIB header must be one we know too. */
export function isBmp(bytes: Uint8Array): boolean {
  if (bytes.length < FILE_HEADER_BYTES + 4 || bytes[0] !== 0x42 || bytes[1] !== 0x4d) return false;
  const headerBytes = viewOf(bytes).getUint32(FILE_HEADER_BYTES, true);
  return headerBytes === CORE_HEADER_BYTES || INFO_HEADER_BYTES.includes(headerBytes);
}

/** Reads BITMAPCOREHEADER or BITMAPINFOHEADER; all fields are little-endian. */
export function readBmpHeader(bytes: Uint8Array): Sniffed {
  const view = viewOf(bytes);
  const at = FILE_HEADER_BYTES;
  const headerBytes = view.getUint32(at, true);
  if (bytes.length < at + headerBytes) return broken('bmp', 'the BMP ends inside its header');

  const core = headerBytes === CORE_HEADER_BYTES;
  const width = core ? view.getUint16(at + 4, true) : view.getInt32(at + 4, true);
  // A negative height means rows from the top (BITMAPINFOHEADER, biHeight).
  const signedHeight = core ? view.getUint16(at + 6, true) : view.getInt32(at + 8, true);
  const height = Math.abs(signedHeight);
  const bitCount = view.getUint16(at + (core ? 10 : 14), true);
  const stored = COMPRESSIONS[core ? 0 : view.getUint32(at + 16, true)];
  if (width <= 0 || height === 0) return broken('bmp', 'the BMP is 0 pixels wide or high');
  if (stored === undefined) return broken('bmp', 'the BMP has a compression that is not read');
  if (!stored.bitCounts.includes(bitCount)) return broken('bmp', `the BMP has ${bitCount} bits a pixel`);
  if (signedHeight < 0 && stored.compression === 'rle') {
    return broken('bmp', 'the BMP is compressed and stored from the top, which the format forbids');
  }

  const header: BmpHeader = {
    format: 'bmp',
    width,
    height,
    components: bitCount <= 8 ? 1 : bitCount === 32 && stored.compression === 'bitfields' ? 4 : 3,
    bitDepth: bitCount <= 8 ? bitCount : bitCount === 16 ? 5 : 8,
    progressive: false,
    animated: false,
    orientation: 1,
    compression: stored.compression,
    topDown: signedHeight < 0,
  };
  return { kind: 'picture', header };
}
