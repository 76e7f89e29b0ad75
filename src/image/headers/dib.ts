/** Headers of device-independent bitmaps, as in BMP files and most icons. */
import type { Bitmap } from '../header.ts';
import { viewOf } from './bytes.ts';

/** BITMAPCOREHEADER: 16-bit sizes, and palettes of three bytes per colour. */
export const CORE_HEADER_BYTES = 12;
/** Up to the bit count. OS/2 2.x may omit the rest of its OS22XBITMAPHEADER of 64 bytes. */
const SHORTEST_HEADER_BYTES = 16;
export const INFO_HEADER_BYTES = 40;
const OS2_HEADER_BYTES = 64;
/** Headers with a mask for alpha: the later BITMAPV3HEADER; V4 and V5 have one too. */
const ALPHA_HEADER_BYTES = 56;
const LATER_HEADER_BYTES = [108, 124];

/** By biCompression: BI_RGB, BI_RLE8, BI_RLE4, BI_BITFIELDS, BI_JPEG, BI_PNG, BI_ALPHABITFIELDS. */
const COMPRESSIONS = ['none', 'rle8', 'rle4', 'bitfields', 'jpeg', 'png', 'bitfields'] as const;
/** In OS/2, where 3 is the Huffman code of fax. */
const OS2_COMPRESSIONS = ['none', 'rle8', 'rle4', 'huffman', 'rle24'] as const;
const ALPHABITFIELDS = 6;

type Compression = (typeof COMPRESSIONS | typeof OS2_COMPRESSIONS)[number];

/** Masks of BI_RGB: red, green, blue; the fourth byte, and the sixteenth bit, are not used. */
const USUAL_MASKS = { 16: [0x7c00, 0x3e0, 0x1f, 0], 32: [0xff_0000, 0xff00, 0xff, 0] } as const;

const BIT_COUNTS = [1, 2, 4, 8, 16, 24, 32] as const;

/** Bit counts that each compression is defined for; BI_BITFIELDS at 24 bits occurs, and has no meaning. */
const BITS_BY_COMPRESSION: Readonly<Record<Bitmap['compression'], readonly number[]>> = {
  none: BIT_COUNTS,
  rle4: [4],
  rle8: [8],
  rle24: [24],
  bitfields: [16, 24, 32],
};

/** `unsupported` continues a sentence that begins "A BMP": "that holds a JPEG". `broken` says what is wrong. */
export type ReadDib = Bitmap | { readonly unsupported: string } | { readonly broken: string };

export function isDibHeaderLength(length: number): boolean {
  if (length === CORE_HEADER_BYTES || LATER_HEADER_BYTES.includes(length)) return true;
  return length >= SHORTEST_HEADER_BYTES && length <= OS2_HEADER_BYTES && length % 4 === 0;
}

/**
 * Reads a header of a known length, which must be complete.
 *
 * @param at where it begins.
 * @param dataOffset where the file says that its rows begin; if that is impossible, they follow the palette.
 */
export function readDib(bytes: Uint8Array, at: number, dataOffset: number): ReadDib {
  const view = viewOf(bytes);
  const headerBytes = view.getUint32(at, true);
  const core = headerBytes === CORE_HEADER_BYTES;
  const field = (offset: number) => (headerBytes >= offset + 4 ? view.getUint32(at + offset, true) : 0);

  const width = core ? view.getUint16(at + 4, true) : view.getInt32(at + 4, true);
  // A negative height means rows from the top (BITMAPINFOHEADER, biHeight).
  const signedHeight = core ? view.getUint16(at + 6, true) : view.getInt32(at + 8, true);
  const bitCount = BIT_COUNTS.find((bits) => bits === view.getUint16(at + (core ? 10 : 14), true));
  if (width <= 0 || signedHeight === 0) return { broken: 'is 0 pixels wide or high' };

  const number = core ? 0 : field(16);
  const compression = compressionOf(number, headerBytes);
  if (compression === undefined) return { broken: 'has a compression that does not exist' };
  if (compression === 'jpeg' || compression === 'png') {
    return { unsupported: `that holds a ${compression.toUpperCase()} file` };
  }
  if (compression === 'huffman') return { unsupported: "of OS/2 with Huffman's code" };
  if (bitCount === undefined || !BITS_BY_COMPRESSION[compression].includes(bitCount)) {
    return { broken: `has ${view.getUint16(at + (core ? 10 : 14), true)} bits a pixel` };
  }

  const masksAfter = masksBehind(headerBytes, compression, number);
  const masks =
    compression === 'bitfields'
      ? readMasks(bytes, at + INFO_HEADER_BYTES, headerBytes, number)
      : usualMasks(bitCount);
  const start = at + headerBytes + masksAfter;
  const entryBytes = core ? 3 : 4;
  const stated = core ? 0 : field(32);
  const wanted = bitCount > 8 ? 0 : Math.min(stated === 0 ? 1 << bitCount : stated, 1 << bitCount);
  // Some files give the palette's position as that of the rows, as if there were no palette.
  const isBehind = dataOffset > start || (dataOffset === start && wanted === 0);
  const dataAt = isBehind && dataOffset <= bytes.length ? dataOffset : start + wanted * entryBytes;
  const end = Math.min(start + wanted * entryBytes, dataAt, bytes.length);
  return {
    width,
    height: Math.abs(signedHeight),
    topDown: signedHeight < 0,
    bitCount,
    compression,
    masks,
    palette: { start, end: Math.max(start, end) },
    paletteEntryBytes: entryBytes,
    dataAt,
  };
}

function compressionOf(number: number, headerBytes: number): Compression | undefined {
  const isOs2 = headerBytes === OS2_HEADER_BYTES || headerBytes < INFO_HEADER_BYTES;
  return (isOs2 ? OS2_COMPRESSIONS : COMPRESSIONS)[number];
}

/**
 * Bytes of masks after BITMAPINFOHEADER that its size does not include: three or four masks. Later headers include
 * them.
 */
function masksBehind(headerBytes: number, compression: Compression, number: number): number {
  if (compression !== 'bitfields' || headerBytes !== INFO_HEADER_BYTES) return 0;
  return number === ALPHABITFIELDS ? 16 : 12;
}

/**
 * Masks of red, green, blue and alpha; at the same offset, whether inside the header or after it. 0 if there is none.
 */
function readMasks(bytes: Uint8Array, at: number, headerBytes: number, number: number): Bitmap['masks'] {
  const view = viewOf(bytes);
  const mask = (i: number) => (at + 4 * i + 4 <= bytes.length ? view.getUint32(at + 4 * i, true) : 0);
  const hasAlpha = headerBytes >= ALPHA_HEADER_BYTES || number === ALPHABITFIELDS;
  return [mask(0), mask(1), mask(2), hasAlpha ? mask(3) : 0];
}

function usualMasks(bitCount: number): Bitmap['masks'] {
  return bitCount === 16 ? USUAL_MASKS[16] : USUAL_MASKS[32];
}

/** Bytes from one row to the next, in whole 32-bit words. */
export function dibStride({ width, bitCount }: Pick<Bitmap, 'width' | 'bitCount'>): number {
  return Math.ceil((width * bitCount) / 32) * 4;
}
