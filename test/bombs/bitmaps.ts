/** BMPs with runs that draw nothing, and icons with too many entries. */
import { bytesOf, le16, le32 } from '../image/headers.ts';
import { type Bomb, filledWith, joined, READ_SIZES, times } from './bomb.ts';

const FILE_HEADER_BYTES = 14;
const INFO_HEADER_BYTES = 40;
const RLE8 = 1;

/** A BMP of 8 bits with a full palette. */
function bmp(width: number, height: number, compression: number, data: Uint8Array, bits = 8): Uint8Array {
  const colours = bits === 8 ? 256 : 2;
  const dataAt = FILE_HEADER_BYTES + INFO_HEADER_BYTES + 4 * colours;
  return joined(
    ...['BM', le32(dataAt + data.length), le32(0), le32(dataAt), le32(INFO_HEADER_BYTES)],
    ...[le32(width), le32(height), le16(1), le16(bits), le32(compression), new Uint8Array(20)],
    ...[times([9, 99, 199, 0], colours), data],
  );
}

const rle = (name: string, piece: readonly number[], width = 640, height = 480): Bomb => ({
  name: `BMP: ${name}`,
  sizes: READ_SIZES,
  unit: 'bytes',
  make: (bytes) => bmp(width, height, RLE8, joined(filledWith(piece, bytes - 2000), [0, 1])),
});

/** Icons whose entries all name the same picture after the directory. */
function icon(entries: number, picture: Uint8Array): Uint8Array {
  const at = 6 + 16 * entries;
  const entry = bytesOf([0, 0, 0, 0], le16(1), le16(32), le32(picture.length), le32(at));
  return joined([0, 0], le16(1), le16(entries), times(entry, entries), picture);
}

/** A bitmap in an icon, half as high as it states. */
function iconBitmap(side: number, bits: number, colours: number): Uint8Array {
  return joined(
    ...[le32(INFO_HEADER_BYTES), le32(side), le32(2 * side), le16(1), le16(bits), new Uint8Array(16)],
    ...[le32(colours), le32(0), new Uint8Array((4 * side * side * bits) / 32 + (side * side) / 8)],
  );
}

export const BITMAP_BOMBS: readonly Bomb[] = [
  rle('runs beyond the right edge', [255, 7]),
  rle('runs of one pixel', [1, 7], 4096, 4096),
  rle('ends of rows', [0, 0], 60_000, 400),
  rle('moves by nothing', [0, 2, 0, 0]),
  rle('moves to the right', [0, 2, 255, 0]),
  rle('stretches beyond the right edge', [0, 254, ...times([5], 254)]),
  {
    name: 'BMP: of one bit',
    sizes: [1000, 4900],
    unit: 'pixels wide',
    make: (width) => bmp(width, width, 0, new Uint8Array(Math.ceil(width / 32) * 4 * width), 1),
  },
  {
    name: 'ICO: entries that are one bitmap',
    sizes: [1000, 65_535],
    unit: 'entries',
    make: (entries) => icon(entries, iconBitmap(256, 32, 0)),
  },
  {
    name: 'ICO: a bitmap of many colours',
    sizes: [1000, 0x7fff_ffff],
    unit: 'colours',
    make: (colours) => icon(256, iconBitmap(64, 8, colours)),
  },
  {
    name: 'ICO: entries that overlap, each larger than the last',
    sizes: [256, 65_535],
    unit: 'entries',
    make: (entries) => {
      const at = 6 + 16 * entries;
      const all = Array.from({ length: entries }, (_, i) =>
        bytesOf([0, 0, 0, 0], le16(1), le16(32), le32(100_000_000), le32(at + (i % 256) * INFO_HEADER_BYTES)),
      );
      const headers = Array.from({ length: 256 }, (_, i) =>
        joined(
          le32(INFO_HEADER_BYTES),
          le32(256 + i),
          le32(2 * (256 + i)),
          le16(1),
          le16(32),
          new Uint8Array(24),
        ),
      );
      return joined([0, 0], le16(1), le16(entries), ...all, ...headers, new Uint8Array(2_000_000));
    },
  },
];
