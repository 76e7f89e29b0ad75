/** Files that are hard to read, most of them valid by their format. */
import { deflateSync } from 'node:zlib';
import { be16, be32, bytesOf, chunk, IDAT, ihdr, PNG_SIGNATURE, segment } from '../image/headers.ts';
import { repairChecksums } from './checksums.ts';

const MIB = 2 ** 20;
const END = chunk('IEND');

/** A PNG of the given size whose pixels are a few bytes. */
export function hollowPng(width: number, height: number, depth = 8): Uint8Array {
  const data = [...deflateSync(new Uint8Array(64))];
  return repairChecksums(
    bytesOf(PNG_SIGNATURE, ihdr({ width, height, depth, colour: 0 }), chunk('IDAT', data), END),
  );
}

/** A complete black PNG of any size: deflate shrinks zeros to a thousandth. */
export function blackPng(width: number, height: number): Uint8Array {
  const data = [...deflateSync(new Uint8Array((Math.ceil(width / 8) + 1) * height))];
  return repairChecksums(
    bytesOf(PNG_SIGNATURE, ihdr({ width, height, depth: 1, colour: 0 }), chunk('IDAT', data), END),
  );
}

/** Adds a chunk before the pixels that inflates to `mebibytes` of zeros. @param head the bytes before its data. */
export function withInflatingChunk(
  png: Uint8Array,
  type: string,
  head: string,
  mebibytes: number,
): Uint8Array {
  const data = bytesOf(head, [...deflateSync(new Uint8Array(mebibytes * MIB))]);
  return repairChecksums(afterPngHeader(png, chunk(type, [...data])));
}

/** Continues the pixels' own stream for `mebibytes` after the last row. */
export function withEndlessPixels(width: number, height: number, mebibytes: number): Uint8Array {
  const data = [...deflateSync(new Uint8Array(mebibytes * MIB))];
  return repairChecksums(
    bytesOf(PNG_SIGNATURE, ihdr({ width, height, depth: 8, colour: 0 }), chunk('IDAT', data), END),
  );
}

export function withEmptyChunks(png: Uint8Array, count: number): Uint8Array {
  const empty = repairChecksums(bytesOf(PNG_SIGNATURE, chunk('teSt'))).subarray(PNG_SIGNATURE.length);
  return afterPngHeader(png, new Uint8Array(Buffer.concat(Array.from({ length: count }, () => empty))));
}

/** IHDR is 25 bytes long. */
function afterPngHeader(png: Uint8Array, piece: Uint8Array): Uint8Array {
  const at = PNG_SIGNATURE.length + 25;
  return new Uint8Array(Buffer.concat([png.subarray(0, at), piece, png.subarray(at)]));
}

export function withAppSegments(jpeg: Uint8Array, count: number): Uint8Array {
  const app = Uint8Array.from(segment(0xe5, [1, 2, 3, 4]));
  const apps = Array.from({ length: count }, () => app);
  return new Uint8Array(Buffer.concat([jpeg.subarray(0, 2), ...apps, jpeg.subarray(2)]));
}

/** A progressive JPEG whose last scan is repeated: each is a pass over all coefficients. */
export function withScans(jpeg: Uint8Array, count: number): Uint8Array {
  const start = Buffer.from(jpeg).lastIndexOf(Buffer.of(0xff, 0xda));
  const scan = jpeg.subarray(start, -2);
  const scans = Array.from({ length: count }, () => scan);
  return new Uint8Array(Buffer.concat([jpeg.subarray(0, -2), ...scans, jpeg.subarray(-2)]));
}

/** An EXIF block whose second directory is followed by the first. */
export function withExifRing(jpeg: Uint8Array): Uint8Array {
  const entry = [...be16(0x0112), ...be16(3), ...be32(1), ...be16(1), 0, 0];
  const [first, second] = [8, 8 + 2 + 12 + 4];
  const directory = (next: number) => [...be16(1), ...entry, ...be32(next)];
  const block = bytesOf('MM', 0, 42, be32(first), directory(second), directory(first));
  return bytesOf(jpeg.subarray(0, 2), segment(0xe1, [...bytesOf('Exif', 0, 0, block)]), jpeg.subarray(2));
}

/** Overwrites bytes. */
export function patched(bytes: Uint8Array, at: number, values: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
}

/** A PNG that ends where its pixels should begin. */
export function pngWithoutPixels(): Uint8Array {
  return bytesOf(PNG_SIGNATURE, ihdr(), IDAT);
}
