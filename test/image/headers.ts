/** Writes picture headers, byte by byte, for tests: each stops at the last byte that the header needs. */

export function bytesOf(...parts: readonly (number | string | readonly number[] | Uint8Array)[]): Uint8Array {
  const pieces = parts.map((part) => {
    if (typeof part === 'number') return Uint8Array.of(part);
    if (typeof part === 'string') return Uint8Array.from(part, (letter) => letter.charCodeAt(0));
    return part;
  });
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

export function be16(value: number): number[] {
  return [(value >>> 8) & 255, value & 255];
}

export function be32(value: number): number[] {
  return [...be16(value >>> 16), ...be16(value)];
}

export function le16(value: number): number[] {
  return be16(value).reverse();
}

export function le24(value: number): number[] {
  return le32(value).slice(0, 3);
}

export function le32(value: number): number[] {
  return be32(value).reverse();
}

export const SOI = [0xff, 0xd8];

/** A JPEG marker segment with a correct length field. */
export function segment(marker: number, payload: readonly number[] = []): number[] {
  return [0xff, marker, ...be16(payload.length + 2), ...payload];
}

/** A frame header; `factors` holds one sampling byte per component, 0x22 for two by two. */
export function frame({
  marker = 0xc0,
  depth = 8,
  width = 640,
  height = 480,
  factors = [0x22, 0x11, 0x11],
} = {}) {
  const components = factors.flatMap((factor, i) => [i + 1, factor, 0]);
  return segment(marker, [depth, ...be16(height), ...be16(width), factors.length, ...components]);
}

export const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10];

/** The checksum is 0: it is not checked for headers. */
export function chunk(type: string, data: readonly number[] = []): Uint8Array {
  return bytesOf(be32(data.length), type, data, be32(0));
}

export function ihdr({ width = 640, height = 480, depth = 8, colour = 2, interlace = 0, filter = 0 } = {}) {
  return chunk('IHDR', [...be32(width), ...be32(height), depth, colour, 0, filter, interlace]);
}

/** Length and type of the first IDAT chunk: as far as a PNG header reaches. */
export const IDAT = bytesOf(be32(9), 'IDAT');

/** A GIF's header and logical screen without a global colour table. */
export function screen(width = 640, height = 480, flags = 0): Uint8Array {
  return bytesOf('GIF89a', le16(width), le16(height), flags, 0, 0);
}

export function descriptor(width = 640, height = 480, flags = 0): number[] {
  return [0x2c, ...le16(0), ...le16(0), ...le16(width), ...le16(height), flags];
}

/** LZW code size, one sub-block with both a trailer and a descriptor introducer as data, and the end. */
export const GIF_DATA = [8, 3, 0x3b, 0x2c, 0x2c, 0];

export function riff(...chunks: readonly (readonly number[] | Uint8Array)[]): Uint8Array {
  return bytesOf('RIFF', le32(4 + chunks.reduce((sum, part) => sum + part.length, 0)), 'WEBP', ...chunks);
}

export function vp8(width = 640, height = 480): Uint8Array {
  return bytesOf('VP8 ', le32(10), [0x10, 0, 0, 0x9d, 0x01, 0x2a], le16(width), le16(height));
}

/** Five bytes, and a padding byte; a truncated file may lack it. */
export function vp8l(width = 640, height = 480, alpha = false): Uint8Array {
  const bits = (width - 1) | ((height - 1) << 14) | (alpha ? 1 << 28 : 0);
  return bytesOf('VP8L', le32(5), 0x2f, le32(bits));
}

export function vp8x(width = 640, height = 480, flags = 0): Uint8Array {
  return bytesOf('VP8X', le32(10), flags, [0, 0, 0], le24(width - 1), le24(height - 1));
}

export function bmp({
  width = 640,
  height = 480,
  bits = 24,
  compression = 0,
  headerBytes = 40,
} = {}): Uint8Array {
  const info = [...le32(width), ...le32(height), ...le16(1), ...le16(bits), ...le32(compression)];
  return bytesOf(
    'BM',
    new Uint8Array(12),
    le32(headerBytes),
    info,
    new Uint8Array(headerBytes - 4 - info.length),
  );
}

export function coreBmp(width = 640, height = 480, bits = 24): Uint8Array {
  return bytesOf('BM', new Uint8Array(12), le32(12), le16(width), le16(height), le16(1), le16(bits));
}

/** BITMAPINFOHEADER in icons: the height counts the picture and its mask. */
export function iconBitmap(width = 32, height = 32, bits = 32): Uint8Array {
  const info = [...le32(width), ...le32(2 * height), ...le16(1), ...le16(bits)];
  return bytesOf(le32(40), info, new Uint8Array(24));
}

/** An icon's directory and its pictures, each with the side that the directory states; type 2 is a cursor. */
export function ico(pictures: readonly (readonly [Uint8Array, number])[], type = 1): Uint8Array {
  let at = 6 + pictures.length * 16;
  const entries = pictures.map(([picture, side]) => {
    const entry = [side, side, 0, 0, ...le16(1), ...le16(0), ...le32(picture.length), ...le32(at)];
    at += picture.length;
    return entry;
  });
  const directory = [...le16(0), ...le16(type), ...le16(pictures.length)];
  return bytesOf(directory, ...entries, ...pictures.map(([picture]) => picture));
}
