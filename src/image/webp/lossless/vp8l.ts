/**
 * Lossless WebP (RFC 9649 §3), decoded row by row.
 *
 * A pixel depends at most on the row before and is copied from at most a megapixel back: nothing else is kept.
 */
import type { Size } from '../../header.ts';
import { type BitReader, bitReader, readBits } from './bits.ts';
import { readGroupCount, readMain } from './entropy-image.ts';
import { createKept, type Rows } from './stored-rows.ts';
import { readTransform } from './transforms.ts';
import type { Transform } from './undone.ts';

const SIGNATURE = 0x2f;
const HEAD_BYTES = 5;
/** A palette is stored as a picture too, which may be larger than the picture itself. */
const PALETTE_PIXELS = 256;

/**
 * @param chunk a `VP8L` chunk's payload.
 * @param size the one that the account has used.
 * @returns undefined if it is broken, or has another size.
 */
export function decodeVp8l(chunk: Uint8Array, size: Size): Rows | undefined {
  const bits = imageIn(chunk, size);
  return bits && decodeImage(bits, size);
}

/** The number of its groups of codes: each costs a decoder tables. @returns as `decodeVp8l`. */
export function groupsOfVp8l(chunk: Uint8Array, size: Size): number | undefined {
  const bits = imageIn(chunk, size);
  return bits && groupsOfImage(bits, size);
}

function imageIn(chunk: Uint8Array, { width, height }: Size): BitReader | undefined {
  const bits = bitReader(chunk, 0);
  if (chunk.length < HEAD_BYTES || readBits(bits, 8) !== SIGNATURE) return undefined;
  if (1 + readBits(bits, 14) !== width || 1 + readBits(bits, 14) !== height) return undefined;
  // The alpha hint and the version, which were checked with the file's header.
  readBits(bits, 4);
  return bits;
}

/** @returns the rows of a picture without its own header, such as an alpha plane. */
export function decodeImage(bits: BitReader, size: Size): Rows | undefined {
  const kept = keptFor(size);
  const known = readTransforms(bits, size, kept);
  if (known === undefined) return undefined;
  const stored = readMain(bits, { width: known.storedWidth, height: size.height }, kept);
  return stored && known.transforms.reduceRight((rows, transform) => transform.undo(rows), stored);
}

/** The number of groups of codes of such a picture. @returns undefined if it is broken before them. */
export function groupsOfImage(bits: BitReader, size: Size): number | undefined {
  const kept = keptFor(size);
  const known = readTransforms(bits, size, kept);
  return known && readGroupCount(bits, { width: known.storedWidth, height: size.height }, kept);
}

function keptFor({ width, height }: Size): Uint32Array {
  return createKept(Math.max(width * height, PALETTE_PIXELS));
}

function readTransforms(
  bits: BitReader,
  { width, height }: Size,
  kept: Uint32Array,
): { readonly transforms: readonly Transform[]; readonly storedWidth: number } | undefined {
  const transforms: Transform[] = [];
  const seen = new Set<number>();
  let storedWidth = width;
  while (readBits(bits, 1) === 1) {
    const kind = readBits(bits, 2);
    if (seen.has(kind)) return undefined;
    seen.add(kind);
    const transform = readTransform(bits, kind, { width: storedWidth, height }, kept);
    if (transform === undefined) return undefined;
    transforms.push(transform);
    storedWidth = transform.storedWidth;
  }
  return { transforms, storedWidth };
}
