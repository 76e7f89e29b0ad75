import { type BmpHeader, broken, type Sniffed, unsupported } from '../header.ts';
import { viewOf } from './bytes.ts';
import { isDibHeaderLength, readDib } from './dib.ts';

/** BITMAPFILEHEADER; the DIB header that follows starts with its own size. */
const FILE_HEADER_BYTES = 14;
/** Offset of the field that says where the rows begin. The file's size is in the header too, and often wrong. */
const DATA_OFFSET_AT = 10;

/** `BM` alone begins many texts, so the size of the DIB header must also be a known one. */
export function isBmp(bytes: Uint8Array): boolean {
  if (bytes.length < FILE_HEADER_BYTES + 4 || bytes[0] !== 0x42 || bytes[1] !== 0x4d) return false;
  return isDibHeaderLength(viewOf(bytes).getUint32(FILE_HEADER_BYTES, true));
}

/** Reads BITMAPFILEHEADER and the DIB header after it; all fields are little-endian. */
export function readBmpHeader(bytes: Uint8Array): Sniffed<BmpHeader> {
  const view = viewOf(bytes);
  if (bytes.length < FILE_HEADER_BYTES + view.getUint32(FILE_HEADER_BYTES, true)) {
    return broken('bmp', 'the BMP ends inside its header');
  }
  const bitmap = readDib(bytes, FILE_HEADER_BYTES, view.getUint32(DATA_OFFSET_AT, true));
  if ('unsupported' in bitmap) return unsupported(`A BMP ${bitmap.unsupported}`);
  if ('broken' in bitmap) return broken('bmp', `the BMP ${bitmap.broken}`);

  const { width, height, bitCount, compression, topDown } = bitmap;
  const header: BmpHeader = {
    format: 'bmp',
    width,
    height,
    components: bitCount <= 8 ? 1 : bitCount === 32 && compression === 'bitfields' ? 4 : 3,
    bitDepth: bitCount <= 8 ? bitCount : bitCount === 16 ? 5 : 8,
    progressive: false,
    animated: false,
    orientation: 1,
    compression: compression === 'none' || compression === 'bitfields' ? compression : 'rle',
    topDown,
    bitmap,
  };
  return { kind: 'picture', header };
}
