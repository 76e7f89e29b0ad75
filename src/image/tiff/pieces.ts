/**
 * Decodes a TIFF of JPEG by magick, some strips or tiles at a time, and reduces it.
 *
 * A decoder that gets the whole file holds the whole picture; here it is a million pixels, or one strip or tile if that
 * is larger.
 */

import type { TiffHeader } from '../header.ts';
import { tiffBlock } from '../headers/ifd.ts';
import type { MagickDecoder } from '../magick/magick.ts';
import { type Pixels, RGBA } from '../pixels.ts';
import type { Shrink } from '../shrink.ts';
import type { Pace } from '../turns.ts';
import { MAGICK_MEMORY_BYTES } from '../ways/account.ts';
import { stripWriter } from './container.ts';
import { columnsSeen, rowsSeen, segmentsOf } from './segments.ts';
import { type Canvas, createCanvas } from './shrunk.ts';

/** Each piece is a whole decode with some 2 ms of overhead, so pieces are not too small. */
const PIECE_PIXELS = 2 ** 20;

/** Pixels of the largest piece. */
export function piecePixels({ segment }: TiffHeader): number {
  return Math.max(PIECE_PIXELS, segment.width * segment.height);
}

/** Whether a file can be divided: each segment must decode on its own, which those of the old JPEG do not. */
export function hasPieces({ planar, compression }: TiffHeader): boolean {
  return !planar && compression !== 'old-jpeg';
}

/**
 * @param header of the bytes, which has passed the limits.
 * @param by factor of reduction, across and down.
 * @param pace makes pauses between pieces.
 * @returns undefined if a piece cannot be decoded, or has a wrong size.
 */
export async function decodeTiffPieces(
  magick: MagickDecoder,
  bytes: Uint8Array,
  header: TiffHeader,
  by: Shrink,
  pace: Pace,
): Promise<Pixels | undefined> {
  const { segment, width, height } = header;
  const block = tiffBlock(bytes);
  const segments = segmentsOf(bytes, header);
  if (block === undefined || segments === undefined || !hasPieces(header)) return undefined;
  const write = stripWriter(bytes, block);
  const canvas = createCanvas(header, by, header.photometric === 'grey' ? 1 : 3);
  if (segment.kind === 'strip') canvas.begin(0, 0, width, height);

  const total = segments.across * segments.down;
  const together = Math.max(1, Math.floor(PIECE_PIXELS / (segment.width * segment.height)));
  for (let first = 0; first < total; first += together) {
    // Tiles as strips, one below the other: a decoder need not know what was next to them.
    const members = Array.from({ length: Math.min(together, total - first) }, (_, i) => ({
      column: (first + i) % segments.across,
      row: Math.floor((first + i) / segments.across),
    }));
    const data: Uint8Array[] = [];
    for (const { column, row } of members) {
      const range = segments.range(column, row, 0);
      if (range === undefined) return undefined;
      data.push(bytes.subarray(range.start, range.end));
    }
    const lastRows = rowsSeen(header, (members.at(-1) ?? { row: 0 }).row);
    const rows =
      (members.length - 1) * segment.height + (segment.kind === 'tile' ? segment.height : lastRows);
    const file = write({ width: segment.width, height: rows, rowsPerStrip: segment.height, data });
    const task = { format: 'tiff', bytes: file, limitBytes: MAGICK_MEMORY_BYTES } as const;
    const placed = await magick.decode(task, (pixels) => {
      if (pixels.width !== segment.width || pixels.height !== rows) return false;
      for (const [i, { column, row }] of members.entries()) {
        const [columns, seen] = [columnsSeen(header, column), rowsSeen(header, row)];
        if (segment.kind === 'tile') {
          canvas.begin(column * segment.width, row * segment.height, columns, seen);
        }
        copyRows(pixels, i * segment.height, seen, columns, canvas);
      }
      return true;
    });
    if (!placed.ok || !placed.value) return undefined;
    await pace(members.length / total);
  }
  return canvas.pixels;
}

/** Transparent pixels show white. */
function copyRows(pixels: Pixels, first: number, rows: number, columns: number, canvas: Canvas): void {
  const { data, width } = pixels;
  const { bytesPerPixel, grey, alpha } = pixels.layout ?? RGBA;
  if (alpha === undefined && bytesPerPixel === canvas.channels && grey === (canvas.channels === 1)) {
    const rowBytes = columns * bytesPerPixel;
    for (let y = first; y < first + rows; y++) {
      const at = y * width * bytesPerPixel;
      canvas.row(data.subarray(at, at + rowBytes));
    }
    return;
  }
  const row = new Uint8Array(columns * canvas.channels);
  for (let y = first; y < first + rows; y++) {
    let at = y * width * bytesPerPixel;
    for (let to = 0; to < row.length; at += bytesPerPixel) {
      // Within bounds: the rows and columns are the picture's.
      const opacity = alpha === undefined ? 255 : (data[at + alpha] as number);
      for (let channel = 0; channel < canvas.channels; channel++, to++) {
        const value = data[at + (grey ? 0 : channel)] as number;
        row[to] = opacity === 255 ? value : (value * opacity) / 255 + 255.5 - opacity;
      }
    }
    canvas.row(row);
  }
}
