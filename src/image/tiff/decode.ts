/** Decodes a TIFF row by row and reduces it: the whole picture is never in memory. */
import type { TiffHeader } from '../header.ts';
import { numberAt, readDirectory, tiffBlock } from '../headers/ifd.ts';
import { TAG } from '../headers/tiff-tags.ts';
import type { Pixels } from '../pixels.ts';
import type { Shrink } from '../shrink.ts';
import type { Work } from '../turns.ts';
import { isOwn } from './expand.ts';
import { paintOf } from './paint.ts';
import { paletteOf } from './palette.ts';
import { segmentReader } from './segment-reader.ts';
import { columnsSeen, rowsSeen, segmentsOf } from './segments.ts';
import { createCanvas } from './shrunk.ts';
import { toRgbOf } from './ycbcr.ts';

const OPTIONS = new Set<number>([TAG.t4Options]);
/** Bit of T4Options (TIFF 6.0 p. 51). */
const TWO_DIMENSIONAL = 1;

/**
 * @param header of the bytes: a TIFF with a compression that `isOwn`, which has passed the limits.
 * @param by factor of reduction, across and down.
 * @yields the share of the picture that is done, after each row of strips or tiles.
 * @returns undefined if the picture is broken or incomplete. Transparent pixels show white.
 */
export function* decodeTiff(bytes: Uint8Array, header: TiffHeader, by: Shrink): Work<Pixels | undefined> {
  const { compression, photometric, segment } = header;
  const block = tiffBlock(bytes);
  const segments = segmentsOf(bytes, header);
  const palette = photometric === 'palette' ? paletteOf(bytes, header) : undefined;
  if (block === undefined || segments === undefined || !isOwn(compression)) return undefined;
  if (photometric === 'palette' && palette === undefined) return undefined;

  const paint = paintOf(header, Math.min(segment.width, header.width), palette);
  const canvas = createCanvas(header, by, paint.channels);
  const { littleEndian } = block;
  const toRgb = photometric === 'ycbcr' ? toRgbOf(bytes) : undefined;
  const options = readDirectory(block, block.firstDirectory, OPTIONS)?.fields.get(TAG.t4Options);
  const stored = {
    compression,
    lowestBitFirst: header.lowestBitFirst,
    columns: segment.width,
    isTwoDimensional: ((numberAt(block, options) ?? 0) & TWO_DIMENSIONAL) !== 0,
  };
  const read = segmentReader({ bytes, header, stored, littleEndian, ofValues: paint.ofValues, toRgb });

  if (segment.kind === 'strip') canvas.begin(0, 0, header.width, header.height);
  for (let row = 0; row < segments.down; row++) {
    for (let column = 0; column < segments.across; column++) {
      const part = { columns: columnsSeen(header, column), rows: rowsSeen(header, row) };
      if (segment.kind === 'tile') {
        canvas.begin(column * segment.width, row * segment.height, part.columns, part.rows);
      }
      const ranges = Array.from({ length: segments.planes }, (_, plane) =>
        segments.range(column, row, plane),
      );
      const isWhole = read(ranges, part, (samples) => canvas.row(paint.row(samples, part.columns)));
      if (!isWhole) return undefined;
    }
    yield 1 / segments.down;
  }
  return canvas.pixels;
}
