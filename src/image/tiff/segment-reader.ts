/** Reads the rows of a strip or a tile, for one kind of file each: chunky, planar, and with subsampled chroma. */
import type { ByteRange, TiffHeader } from '../header.ts';
import { COLOURS } from '../headers/tiff-tags.ts';
import { expand, type Stored } from './expand.ts';
import type { Samples } from './paint.ts';
import { storedRows } from './stored-rows.ts';
import { readUnits, type ToRgb, unitRowBytes } from './ycbcr.ts';

/** The part of a segment that is in the picture: its first rows and columns. */
export interface Part {
  readonly columns: number;
  readonly rows: number;
}

/**
 * @param ranges one, or one for each plane, as far as the file has them.
 * @returns whether all rows were there.
 */
export type ReadSegment = (
  ranges: readonly (ByteRange | undefined)[],
  part: Part,
  onRow: (samples: Samples) => void,
) => boolean;

export interface Task {
  readonly bytes: Uint8Array;
  readonly header: TiffHeader;
  readonly stored: Stored;
  readonly littleEndian: boolean;
  readonly ofValues: boolean;
  /** YCbCr only. */
  readonly toRgb: ToRgb | undefined;
}

export function segmentReader(task: Task): ReadSegment {
  const { planar, subsampling } = task.header;
  if (planar) return planesReader(task);
  return subsampling.width * subsampling.height > 1 ? unitsReader(task) : togetherReader(task);
}

function togetherReader({ bytes, header, stored, littleEndian, ofValues, toRgb }: Task): ReadSegment {
  const { segment, bitsPerSample, components } = header;
  const rows = storedRows(header, littleEndian, bitsPerSample, segment.width, ofValues);
  const own = samplesFor(header, ofValues);
  return ([range], part, onRow) => {
    let read = 0;
    if (range === undefined) return false;
    expand(bytes, range, stored, rows.bytes, (row) => {
      rows.undo(row);
      if (rows.areSamples && toRgb === undefined) onRow(row);
      else {
        rows.unpack(row, part.columns * components, own, 0, 1);
        if (own instanceof Uint8Array) toRgb?.(own, part.columns, components);
        onRow(own);
      }
      read += 1;
      return read < part.rows;
    });
    return read === part.rows;
  };
}

function unitsReader({ bytes, header, stored, toRgb }: Task): ReadSegment {
  const { subsampling } = header;
  const rowBytes = unitRowBytes(header);
  const own = new Uint8Array(header.segment.width * 3);
  return ([range], part, onRow) => {
    let read = 0;
    if (range === undefined) return false;
    expand(bytes, range, stored, rowBytes, (units) => {
      for (let row = 0; row < subsampling.height && read < part.rows; row++, read++) {
        readUnits(units, row, subsampling, part.columns, own);
        toRgb?.(own, part.columns, 3);
        onRow(own);
      }
      return read < part.rows;
    });
    return read === part.rows;
  };
}

/**
 * Planes are decompressed one after the other, so all that are needed are in memory together: colour and alpha, but not
 * unspecified ones.
 */
function planesReader({ bytes, header, stored, littleEndian, ofValues, toRgb }: Task): ReadSegment {
  const { segment, bitsPerSample, components, subsampling, photometric, extraSamples } = header;
  const colours = COLOURS[photometric];
  const planes = bitsPerSample.map((bits, plane) => {
    const isChroma = photometric === 'ycbcr' && (plane === 1 || plane === 2);
    const shared = isChroma ? subsampling : { width: 1, height: 1 };
    const columns = Math.ceil(segment.width / shared.width);
    return {
      shared,
      isNeeded: plane < colours || extraSamples[plane - colours] !== 'unspecified',
      rows: storedRows(header, littleEndian, [bits], columns, ofValues),
    };
  });
  const own = samplesFor(header, ofValues);

  return (ranges, part, onRow) => {
    const read = planes.map(({ rows, shared, isNeeded }, plane) => {
      const range = ranges[plane];
      const kept: Uint8Array[] = [];
      const wanted = Math.ceil(part.rows / shared.height);
      if (!isNeeded) return kept;
      if (range === undefined) return undefined;
      expand(bytes, range, stored, rows.bytes, (row) => {
        rows.undo(row);
        // Uncompressed data are not copied.
        kept.push(stored.compression === 'none' ? row : row.slice());
        return kept.length < wanted;
      });
      return kept.length === wanted ? kept : undefined;
    });
    if (read.includes(undefined)) return false;
    for (let y = 0; y < part.rows; y++) {
      for (const [plane, { rows, shared, isNeeded }] of planes.entries()) {
        const row = read[plane]?.[Math.floor(y / shared.height)];
        if (!isNeeded || row === undefined) continue;
        if (shared.width === 1) rows.unpack(row, part.columns, own, plane, components);
        else spread(row, part.columns, shared.width, own, plane, components);
      }
      if (own instanceof Uint8Array) toRgb?.(own, part.columns, components);
      onRow(own);
    }
    return true;
  };
}

/** Repeats each byte for as many pixels as share it. */
function spread(
  row: Uint8Array,
  count: number,
  times: number,
  to: Samples,
  first: number,
  step: number,
): void {
  for (let x = 0; x < count; x++) to[first + x * step] = row[Math.floor(x / times)] as number;
}

function samplesFor({ segment, components }: TiffHeader, ofValues: boolean): Samples {
  const count = segment.width * components;
  return ofValues ? new Uint16Array(count) : new Uint8Array(count);
}
