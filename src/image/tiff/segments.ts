/** Positions of a TIFF's strips or tiles, in the file and in the picture. */
import type { ByteRange, TiffHeader } from '../header.ts';
import { numberAt, readDirectory, tiffBlock } from '../headers/ifd.ts';
import { TAG } from '../headers/tiff-tags.ts';

const TAGS = new Set<number>([TAG.stripOffsets, TAG.stripByteCounts, TAG.tileOffsets, TAG.tileByteCounts]);

export interface Segments {
  readonly across: number;
  readonly down: number;
  /** Segments of one place: one for each component if these are stored separately. */
  readonly planes: number;
  /** @returns undefined if the file does not contain it. */
  range(column: number, row: number, plane: number): ByteRange | undefined;
}

/** @returns undefined if the file lists none. */
export function segmentsOf(bytes: Uint8Array, header: TiffHeader): Segments | undefined {
  const block = tiffBlock(bytes);
  const fields = block && readDirectory(block, block.firstDirectory, TAGS)?.fields;
  if (block === undefined || fields === undefined) return undefined;
  // Some programs write tiles and list them as strips.
  const offsets = fields.get(TAG.tileOffsets) ?? fields.get(TAG.stripOffsets);
  const counts = fields.get(TAG.tileByteCounts) ?? fields.get(TAG.stripByteCounts);
  const { across, down, planes } = segmentCounts(header);
  const total = across * down * planes;
  if (offsets === undefined) return undefined;
  return {
    across,
    down,
    planes,
    range(column, row, plane) {
      const i = (plane * down + row) * across + column;
      const start = numberAt(block, offsets, i) ?? 0;
      if (start === 0 || start >= bytes.length) return undefined;
      const stated = numberAt(block, counts, i) ?? 0;
      // A single strip without a length extends to the end of the file; a decoder takes no more than it needs.
      const end = stated === 0 && total === 1 ? bytes.length : Math.min(bytes.length, start + stated);
      return { start, end };
    },
  };
}

export function segmentCounts(header: TiffHeader): { across: number; down: number; planes: number } {
  const { width, height, segment, planar, components } = header;
  return {
    across: Math.ceil(width / segment.width),
    down: Math.ceil(height / segment.height),
    planes: planar ? components : 1,
  };
}

/** Rows of a segment that are in the picture. */
export function rowsSeen({ height, segment }: TiffHeader, row: number): number {
  return Math.min(segment.height, height - row * segment.height);
}

/** Columns of a segment that are in the picture. */
export function columnsSeen({ width, segment }: TiffHeader, column: number): number {
  return Math.min(segment.width, width - column * segment.width);
}
