/** Decodes a PNG row by row: neither the picture nor its inflated data are ever in memory as a whole. */
import type { ByteRange, PngHeader } from '../header.ts';
import { fourCC, viewOf } from '../headers/bytes.ts';
import { CHECKSUM_BYTES, CHUNK_HEAD_BYTES, chunksOf } from '../headers/png-chunks.ts';
import type { NextRange } from '../inflate/bits.ts';
import { inflate } from '../inflate/inflate.ts';
import { windowBytes } from '../inflate/window.ts';
import type { Pixels } from '../pixels.ts';
import type { Shrink } from '../shrink.ts';
import { createShrunkRows, type RowOrder, shrunkRowsBytes } from '../shrunk-rows.ts';
import type { Work } from '../turns.ts';
import { crc32 } from './checksum.ts';
import { unfilter } from './filters.ts';
import { toArgb } from './pixels.ts';

const LENGTH_BYTES = 4;
const [PLTE, TRNS, IDAT] = [fourCC('PLTE'), fourCC('tRNS'), fourCC('IDAT')];

/** The pixels of an interlace pass: the first one, and the distance to the next. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly acrossStep: number;
  readonly downStep: number;
}

const WHOLE: readonly Pass[] = [{ x: 0, y: 0, acrossStep: 1, downStep: 1 }];

/** §8.1. */
const ADAM7: readonly Pass[] = [
  { x: 0, y: 0, acrossStep: 8, downStep: 8 },
  { x: 4, y: 0, acrossStep: 8, downStep: 8 },
  { x: 0, y: 4, acrossStep: 4, downStep: 8 },
  { x: 2, y: 0, acrossStep: 4, downStep: 4 },
  { x: 0, y: 2, acrossStep: 2, downStep: 4 },
  { x: 1, y: 0, acrossStep: 2, downStep: 2 },
  { x: 0, y: 1, acrossStep: 1, downStep: 2 },
];

/**
 * Bytes of memory beside the file: the reduced picture and its sums, two stored rows, one of pixels, and the
 * inflater's.
 */
export function pngBytes(header: PngHeader, by: Shrink): number {
  const row = rowBytesOf(header, header.width);
  const pixels = header.width * Uint32Array.BYTES_PER_ELEMENT;
  return shrunkRowsBytes(header, by, orderOf(header)) + 2 * row + pixels + windowBytes(row + 1);
}

/**
 * @param by factor of reduction, across and down.
 * @yields the share of the picture that is done.
 * @returns undefined if rows are missing or broken. Transparent pixels show white. Only PLTE, tRNS and IDAT are read,
 *   and IDAT only up to the last row.
 */
export function* decodePng(bytes: Uint8Array, header: PngHeader, by: Shrink): Work<Pixels | undefined> {
  const palette = chunkBefore(bytes, PLTE);
  const transparency = chunkBefore(bytes, TRNS);
  const convert = toArgb(header, palette, transparency);
  if (convert === undefined) return undefined;
  const hasAlpha = transparency !== undefined || header.colour === 'rgba' || header.colour === 'grey-alpha';
  const shrunk = createShrunkRows(header, by, orderOf(header), !hasAlpha);

  const passes = passesOf(header);
  const mostBytes = rowBytesOf(header, header.width);
  const bpp = Math.max(1, (header.components * header.bitDepth) >> 3);
  const argb = new Uint32Array(header.width);
  let row = new Uint8Array(mostBytes);
  let up = new Uint8Array(mostBytes);
  let pass = passes.next().value;
  let y = pass?.y ?? 0;
  let rows = 0;
  const inflating = inflate(bytes, idatRanges(bytes), 1 + mostBytes, (window, from, to) => {
    let at = from;
    while (pass !== undefined) {
      const { x, acrossStep, downStep, count, rowBytes } = pass;
      for (; y < header.height; y += downStep, at += 1 + rowBytes) {
        if (to - at < 1 + rowBytes) return at;
        // Within bounds: the row is there.
        if (!unfilter(window[at] as number, window, at + 1, row, up, rowBytes, bpp)) return -1;
        convert(row, argb, count);
        shrunk.take(argb, y, x, acrossStep);
        [row, up] = [up, row];
        rows += 1;
      }
      pass = passes.next().value;
      y = pass?.y ?? 0;
      up.fill(0);
    }
    return -1;
  });
  const part = 1 / rowsIn(header);
  for (const _ of inflating) {
    yield rows * part;
    rows = 0;
  }
  return pass === undefined ? shrunk.finish() : undefined;
}

function orderOf({ progressive }: PngHeader): RowOrder {
  return progressive ? 'scattered' : 'by-row';
}

function rowBytesOf({ components, bitDepth }: PngHeader, pixels: number): number {
  return Math.ceil((pixels * components * bitDepth) / 8);
}

/** The passes that have pixels, each with the pixels and bytes of its rows. */
function* passesOf(
  header: PngHeader,
): Generator<Pass & { readonly count: number; readonly rowBytes: number }, undefined> {
  for (const pass of header.progressive ? ADAM7 : WHOLE) {
    if (pass.x >= header.width || pass.y >= header.height) continue;
    const count = Math.ceil((header.width - pass.x) / pass.acrossStep);
    yield { ...pass, count, rowBytes: rowBytesOf(header, count) };
  }
}

function rowsIn(header: PngHeader): number {
  let rows = 0;
  for (const { y, downStep } of passesOf(header)) rows += Math.ceil((header.height - y) / downStep);
  return rows;
}

/** Data of the first such chunk before the pixels. */
function chunkBefore(bytes: Uint8Array, name: number): Uint8Array | undefined {
  for (const { type, start, end } of chunksOf(bytes)) {
    if (type === IDAT) break;
    if (type === name) return bytes.subarray(start + CHUNK_HEAD_BYTES, end - CHECKSUM_BYTES);
  }
  return undefined;
}

/**
 * The pixels are one stream, in any number of chunks (§10.1), the last of which may be truncated. Reading ends before
 * the first chunk with a wrong checksum, because damaged data would still inflate to something.
 */
function idatRanges(bytes: Uint8Array): NextRange {
  const chunks = chunksOf(bytes);
  return (): ByteRange | undefined => {
    for (let next = chunks.next(); !next.done; next = chunks.next()) {
      const { type, start, end } = next.value;
      if (type !== IDAT) continue;
      return isSound(bytes, start, end)
        ? { start: start + CHUNK_HEAD_BYTES, end: end - CHECKSUM_BYTES }
        : undefined;
    }
    return undefined;
  };
}

/** Whether the checksum of type and data is right, or missing. */
function isSound(bytes: Uint8Array, start: number, end: number): boolean {
  const checksum = end - CHECKSUM_BYTES;
  if (end > bytes.length) return true;
  return viewOf(bytes).getUint32(checksum) === crc32(bytes.subarray(start + LENGTH_BYTES, checksum));
}
