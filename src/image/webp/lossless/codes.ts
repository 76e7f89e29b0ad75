/** The prefix codes of a picture, by groups of five (RFC 9649 §6.2). */
import { type BitReader, overran } from './bits.ts';
import { readCode } from './code-lengths.ts';
import { createTables, type PrefixCode, type Tables } from './prefix-codes.ts';

/** Symbols of the green code: values, then lengths, then indices of the colour cache. */
export const VALUES = 256;
export const LENGTHS = 24;
const DISTANCES = 40;

export interface Group {
  readonly green: PrefixCode;
  readonly red: PrefixCode;
  readonly blue: PrefixCode;
  readonly alpha: PrefixCode;
  readonly distance: PrefixCode;
}

export interface Codes {
  readonly tables: Tables;
  readonly groups: readonly Group[];
}

/** More than libwebp writes, which is at most 2,600. */
export const MAX_GROUPS = 2 ** 12;

/** @param cacheSize colours in the cache. */
export function readCodes(bits: BitReader, count: number, cacheSize: number): Codes | undefined {
  if (count > MAX_GROUPS) return undefined;
  const tables = createTables();
  const groups: Group[] = [];
  for (let i = 0; i < count; i++) {
    const green = readCode(bits, tables, VALUES + LENGTHS + cacheSize);
    const red = green && readCode(bits, tables, VALUES);
    const blue = red && readCode(bits, tables, VALUES);
    const alpha = blue && readCode(bits, tables, VALUES);
    const distance = alpha && readCode(bits, tables, DISTANCES);
    if (!green || !red || !blue || !alpha || !distance || overran(bits)) return undefined;
    groups.push({ green, red, blue, alpha, distance });
  }
  return { tables, groups };
}
