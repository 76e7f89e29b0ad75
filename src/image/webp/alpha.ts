/** The alpha plane of a lossy picture (RFC 9649 §2.7.1.2), row by row. */
import type { Size } from '../header.ts';
import { bitReader } from './lossless/bits.ts';
import { decodeImage, groupsOfImage } from './lossless/vp8l.ts';

export interface AlphaRows {
  /** One byte per pixel; valid until the next call. Undefined if the data are broken or end. */
  next(): Uint8Array | undefined;
}

const RAW = 0;
const LOSSLESS = 1;

/** The number of groups of codes in an `ALPH` chunk; undefined if it has none, or is broken before them. */
export function groupsOfAlpha(chunk: Uint8Array, size: Size): number | undefined {
  return ((chunk[0] ?? 0) & 3) === LOSSLESS ? groupsOfImage(bitReader(chunk, 1), size) : undefined;
}

/** The prediction of a row: none, from the left, from above, or from both. */
const [FROM_LEFT, FROM_ABOVE, GRADIENT] = [1, 2, 3] as const;

/** @param chunk an `ALPH` chunk's payload. */
export function decodeAlpha(chunk: Uint8Array, size: Size): AlphaRows | undefined {
  const head = chunk[0] ?? 0;
  const stored = storedRows(chunk, head & 3, size);
  return stored && unfiltered(stored, (head >> 2) & 3, size.width);
}

function storedRows(chunk: Uint8Array, method: number, size: Size): AlphaRows | undefined {
  if (method === RAW) {
    let at = 1;
    return {
      next() {
        at += size.width;
        return at > chunk.length ? undefined : chunk.subarray(at - size.width, at);
      },
    };
  }
  // The alpha values are the green channel of a picture.
  const rows = method === LOSSLESS ? decodeImage(bitReader(chunk, 1), size) : undefined;
  if (rows === undefined) return undefined;
  const row = new Uint8Array(size.width);
  return {
    next() {
      const pixels = rows.next();
      if (pixels === undefined) return undefined;
      // Within bounds: rows have the picture's width.
      for (let x = 0; x < row.length; x++) row[x] = (pixels[x] as number) >>> 8;
      return row;
    },
  };
}

/** Undoes the prediction; the first row has nothing above, and is predicted from the left. */
function unfiltered(stored: AlphaRows, filter: number, width: number): AlphaRows {
  if (filter === 0) return stored;
  const row = new Uint8Array(width);
  let isFirst = true;
  return {
    next() {
      const differences = stored.next();
      if (differences === undefined) return undefined;
      if (isFirst || filter === FROM_LEFT) addLeft(row, differences, isFirst);
      else if (filter === FROM_ABOVE) addAbove(row, differences);
      else if (filter === GRADIENT) addGradient(row, differences);
      isFirst = false;
      return row;
    },
  };
}

/** In all three, `row` holds the row above at first. Its first sample predicts the first one. */
function addLeft(row: Uint8Array, differences: Uint8Array, isFirst: boolean): void {
  // Within bounds, as below: both have the picture's width.
  let left = isFirst ? 0 : (row[0] as number);
  for (let x = 0; x < row.length; x++) {
    left = (left + (differences[x] as number)) & 0xff;
    row[x] = left;
  }
}

function addAbove(row: Uint8Array, differences: Uint8Array): void {
  for (let x = 0; x < row.length; x++) row[x] = (row[x] as number) + (differences[x] as number);
}

function addGradient(row: Uint8Array, differences: Uint8Array): void {
  let left = row[0] as number;
  let corner = left;
  for (let x = 0; x < row.length; x++) {
    const above = row[x] as number;
    const predicted = Math.min(Math.max(left + above - corner, 0), 255);
    left = (predicted + (differences[x] as number)) & 0xff;
    row[x] = left;
    corner = above;
  }
}
