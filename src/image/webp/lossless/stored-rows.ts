/** Stored pixels (RFC 9649 §5): literal, copied from earlier ones, or from the colour cache. */
import type { Size } from '../../header.ts';
import { type BitReader, overran } from './bits.ts';
import { type Codes, type Group, LENGTHS, VALUES } from './codes.ts';
import { distanceOf, readPrefixed } from './distances.ts';
import { readSymbol } from './prefix-codes.ts';

/** A source of a picture's rows, from the top. */
export interface Rows {
  /** ARGB; valid until the next call. Undefined if the data are broken or end. */
  next(): Uint32Array | undefined;
}

/** Which codes apply to which part of the picture: squares of `2 ** bits` pixels. */
export interface Parts {
  readonly bits: number;
  readonly columns: number;
  readonly groups: Uint16Array;
}

/** No reference reaches further back than this, in pixels (§5.2.2). */
const MAX_DISTANCE = 2 ** 20;
/** Multiplier of the hash of a colour in the cache (§5.2.3). */
const HASH = 0x1e35a7bd;

/**
 * Buffer of the last pixels, as many as references reach.
 *
 * @param pixels of the largest picture that it is for. Pictures within a picture are read before it, so one suffices.
 */
export function createKept(pixels: number): Uint32Array {
  return new Uint32Array(Math.min(MAX_DISTANCE, 2 ** Math.ceil(Math.log2(pixels))));
}

export function storedRows(
  bits: BitReader,
  { width }: Size,
  parts: Parts,
  codes: Codes,
  cacheBits: number,
  kept: Uint32Array,
): Rows {
  const { tables, groups } = codes;
  const mask = kept.length - 1;
  const cache = new Uint32Array(cacheBits === 0 ? 0 : 1 << cacheBits);
  const cacheShift = 32 - cacheBits;
  const row = new Uint32Array(width);
  let position = 0;
  let y = 0;
  /** The rest of a reference that continues in the next row. */
  let copies = 0;
  let distance = 0;

  function readLiteral(green: number, group: Group): number {
    const red = readSymbol(bits, tables, group.red);
    const blue = readSymbol(bits, tables, group.blue);
    const alpha = readSymbol(bits, tables, group.alpha);
    return ((alpha << 24) | (red << 16) | (green << 8) | blue) >>> 0;
  }

  /** @returns false for a reference to before the first pixel. */
  function readReference(lengthPrefix: number, group: Group): boolean {
    copies = readPrefixed(bits, lengthPrefix);
    distance = distanceOf(readPrefixed(bits, readSymbol(bits, tables, group.distance)), width);
    return distance <= position && distance <= MAX_DISTANCE;
  }

  function next(): Uint32Array | undefined {
    const partRow = (y >> parts.bits) * parts.columns;
    for (let x = 0; x < width; x++) {
      let pixel: number;
      if (copies === 0) {
        // Within bounds: there are as many groups as the largest number of a part.
        const group = groups[parts.groups[partRow + (x >> parts.bits)] as number] as Group;
        const symbol = readSymbol(bits, tables, group.green);
        if (symbol < VALUES) pixel = readLiteral(symbol, group);
        else if (symbol >= VALUES + LENGTHS) pixel = cache[symbol - VALUES - LENGTHS] as number;
        else {
          if (!readReference(symbol - VALUES, group)) return undefined;
          copies -= 1;
          pixel = kept[(position - distance) & mask] as number;
        }
      } else {
        copies -= 1;
        pixel = kept[(position - distance) & mask] as number;
      }
      kept[position & mask] = pixel;
      position += 1;
      row[x] = pixel;
      if (cacheBits > 0) cache[Math.imul(HASH, pixel) >>> cacheShift] = pixel;
    }
    y += 1;
    return overran(bits) ? undefined : row;
  }

  return { next };
}
