/**
 * Decodes key frames of VP8 (RFC 6386), of which lossy WebP consists, row by row.
 *
 * Other decoders keep the whole picture. This keeps three rows of macroblocks, and hands over finished lines at once: 8
 * megapixels take a quarter of a megabyte in addition to the result.
 */
import type { Size } from '../../header.ts';
import type { Work } from '../../turns.ts';
import { type Band, createBand, extendRight, keptLines, lineStart, moveUp, type Plane } from './band.ts';
import { readFrameHeader } from './frame-header.ts';
import { createFilterRow, smoothRow } from './loop-filter.ts';
import { createRowDecoder } from './macroblock-row.ts';

/** Finished lines, in the planes of a band; valid until the call returns, and may be changed. */
export interface Lines {
  readonly band: Band;
  /** Index of the first line in the picture: even. */
  readonly y: number;
  /** How many; all but the last have an even number. Chroma has half as many, rounded up. */
  readonly count: number;
  /** Position of the first sample of luma, and of chroma. */
  readonly luma: number;
  readonly chroma: number;
}

const MACROBLOCK = 16;

/**
 * @param frame a `VP8 ` chunk's payload.
 * @param size the one that the account has used.
 * @param take gets all lines of the picture, in order, each once. It returns false to stop.
 * @yields the share of the lines decoded since the last time.
 * @returns false if the frame is broken or ends early; lines may have been taken by then.
 */
export function* decodeVp8(frame: Uint8Array, size: Size, take: (lines: Lines) => boolean): Work<boolean> {
  const header = readFrameHeader(frame, size);
  if (header === undefined) return false;
  const columns = Math.ceil(size.width / MACROBLOCK);
  const rows = Math.ceil(size.height / MACROBLOCK);
  const band = createBand(columns);
  const decodeRow = createRowDecoder(header, band, columns);
  let [earlier, newest] = [createFilterRow(columns), createFilterRow(columns)];
  for (let row = 0; row < rows; row++) {
    if (row > 0) for (const plane of planesOf(band)) moveUp(plane);
    if (!decodeRow(row, newest)) return false;
    for (const plane of planesOf(band)) extendRight(plane);
    if (row > 0) {
      smoothRow(band, header.filter, earlier, row === 1);
      const first = (row - 1) * MACROBLOCK - keptLines(MACROBLOCK);
      if (!take(linesFrom(band, size, first, MACROBLOCK))) return false;
    }
    [earlier, newest] = [newest, earlier];
    yield 1 / rows;
  }
  for (const plane of planesOf(band)) moveUp(plane);
  smoothRow(band, header.filter, earlier, rows === 1);
  const first = (rows - 1) * MACROBLOCK - keptLines(MACROBLOCK);
  return take(linesFrom(band, size, first, MACROBLOCK + keptLines(MACROBLOCK)));
}

/** From the kept lines on; the first row has none, and the last may extend below the picture. */
function linesFrom(band: Band, { height }: Size, first: number, count: number): Lines {
  const y = Math.max(first, 0);
  const skipped = y - first;
  return {
    band,
    y,
    count: Math.min(count - skipped, height - y),
    luma: lineStart(band.luma, skipped),
    chroma: lineStart(band.blue, skipped / 2),
  };
}

function planesOf({ luma, blue, red }: Band): readonly Plane[] {
  return [luma, blue, red];
}
