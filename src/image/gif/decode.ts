/** Decodes the first frame of a GIF on its canvas, row by row. */
import type { ByteRange, GifHeader } from '../header.ts';
import type { Pixels } from '../pixels.ts';
import type { Shrink } from '../shrink.ts';
import { createShrunkRows, type RowOrder, shrunkRowsBytes } from '../shrunk-rows.ts';
import type { Work } from '../turns.ts';
import { decodeLzw, lzwBytes } from './lzw.ts';

const OPAQUE = 0xff00_0000;

/** First row and step of each interlace pass (GIF89a appendix E). */
const INTERLACED = [
  { from: 0, step: 8 },
  { from: 4, step: 8 },
  { from: 2, step: 4 },
  { from: 1, step: 2 },
] as const;

/** Bytes of memory in addition to the file: the reduced picture, its sums, a row of pixels, codes, rows of indices. */
export function gifBytes(header: GifHeader, by: Shrink): number {
  const row = header.width * Uint32Array.BYTES_PER_ELEMENT;
  return shrunkRowsBytes(header, by, orderOf(header)) + row + lzwBytes(header.frame.width);
}

/**
 * @param by factor of reduction, across and down.
 * @yields the share of the picture that is done.
 * @returns undefined if rows are missing. The canvas around the frame, and transparent pixels, are white.
 */
export function* decodeGif(bytes: Uint8Array, header: GifHeader, by: Shrink): Work<Pixels | undefined> {
  const { frame, transparent, dataAt } = header;
  const shrunk = createShrunkRows(header, by, orderOf(header), false);
  const palette = readPalette(bytes, header.palette);
  if (transparent !== undefined) palette[transparent] = 0;
  const rows = rowsInOrder(frame.height, header.progressive);
  /** As wide as the canvas, so that it is transparent left and right of the frame. */
  const row = new Uint32Array(header.width);
  const isWhole = yield* decodeLzw(bytes, dataAt, frame.width, frame.height, (indices, at) => {
    const right = frame.left + frame.width;
    for (let x = frame.left, i = at; x < right; x++, i++) {
      // Within bounds: rows have the frame's width, palettes 256 colours.
      row[x] = palette[indices[i] as number] as number;
    }
    shrunk.take(row, frame.top + rows());
  });
  return isWhole ? shrunk.finish() : undefined;
}

function orderOf({ progressive }: GifHeader): RowOrder {
  return progressive ? 'scattered' : 'by-row';
}

/** @returns a function that returns the position of the file's next row. */
function rowsInOrder(height: number, isInterlaced: boolean): () => number {
  let y = -1;
  if (!isInterlaced) return () => ++y;
  let pass = 0;
  let next = 0;
  return () => {
    y = next;
    next += INTERLACED[pass]?.step ?? 1;
    while (next >= height && pass < INTERLACED.length - 1) next = INTERLACED[++pass]?.from ?? 0;
    return y;
  };
}

/**
 * 256 colours as ARGB, opaque; missing ones are black. Without any palette, which the format leaves to the program
 * (GIF89a §18), each index is a grey, as in Pillow.
 */
function readPalette(bytes: Uint8Array, range: ByteRange | undefined): Uint32Array {
  const colours = new Uint32Array(256);
  for (let i = 0; i < colours.length; i++) {
    const at = range === undefined ? 0 : range.start + 3 * i;
    const isThere = range !== undefined && at + 3 <= Math.min(range.end, bytes.length);
    const [red = 0, green = 0, blue = 0] = isThere ? bytes.subarray(at, at + 3) : range ? [] : [i, i, i];
    colours[i] = OPAQUE | (red << 16) | (green << 8) | blue;
  }
  return colours;
}
