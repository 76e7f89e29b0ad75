/** Reads a stored picture (RFC 9649 §5, §6), the main one or one within it: its codes, and its rows. */
import type { Size } from '../../header.ts';
import { type BitReader, readBits } from './bits.ts';
import { readCodes } from './codes.ts';
import { type Parts, type Rows, storedRows } from './stored-rows.ts';

const MAX_CACHE_BITS = 11;
const ONE_PART: Parts = { bits: 14, columns: 1, groups: new Uint16Array(1) };

/**
 * The picture itself.
 *
 * @returns undefined if the data before the pixels are broken.
 */
export function readMain(bits: BitReader, size: Size, kept: Uint32Array): Rows | undefined {
  const cacheBits = readCacheBits(bits);
  const parts = readMainParts(bits, size, kept);
  return parts && readRows(bits, size, kept, cacheBits, parts);
}

/** The number of groups of codes before the pixels. @returns as `readMain`. */
export function readGroupCount(bits: BitReader, size: Size, kept: Uint32Array): number | undefined {
  readCacheBits(bits);
  const parts = readMainParts(bits, size, kept);
  return parts && groupCount(parts);
}

function readMainParts(bits: BitReader, size: Size, kept: Uint32Array): Parts | undefined {
  return readBits(bits, 1) === 1 ? readParts(bits, size, kept) : ONE_PART;
}

function groupCount({ groups }: Parts): number {
  return 1 + groups.reduce((most, group) => Math.max(most, group), 0);
}

/** A picture within the picture, of which one value per pixel is kept. */
export function readSmall<Numbers extends Uint8Array | Uint16Array | Uint32Array>(
  bits: BitReader,
  { width, height }: Size,
  kept: Uint32Array,
  numberOf: (pixel: number) => number,
  create: (length: number) => Numbers,
): Numbers | undefined {
  const rows = readRows(bits, { width, height }, kept, readCacheBits(bits), ONE_PART);
  if (rows === undefined) return undefined;
  const numbers = create(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    const row = rows.next();
    if (row === undefined) return undefined;
    // Within bounds: rows have the picture's width.
    for (let x = 0; x < width; x++) numbers[at++] = numberOf(row[x] as number);
  }
  return numbers;
}

function readCacheBits(bits: BitReader): number {
  return readBits(bits, 1) === 1 ? readBits(bits, 4) : 0;
}

function readRows(
  bits: BitReader,
  size: Size,
  kept: Uint32Array,
  cacheBits: number,
  parts: Parts,
): Rows | undefined {
  if (cacheBits > MAX_CACHE_BITS) return undefined;
  const codes = readCodes(bits, groupCount(parts), cacheBits === 0 ? 0 : 1 << cacheBits);
  return codes && storedRows(bits, size, parts, codes, cacheBits, kept);
}

/** §6.2.2: a picture whose red and green give the group of each part. */
function readParts(bits: BitReader, { width, height }: Size, kept: Uint32Array): Parts | undefined {
  const partBits = 2 + readBits(bits, 3);
  const size = { width: Math.ceil(width / 2 ** partBits), height: Math.ceil(height / 2 ** partBits) };
  const groups = readSmall(
    bits,
    size,
    kept,
    (pixel) => (pixel >>> 8) & 0xffff,
    (length) => new Uint16Array(length),
  );
  return groups && { bits: partBits, columns: size.width, groups };
}
