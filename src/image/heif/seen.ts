/** Which pieces of a HEIF picture the network sees any part of. */
import type { Grid, HeifHeader, Region } from '../header.ts';
import { resizedSize, seenPart } from '../resample/taps.ts';

/** Margin, in reduced pixels, kept around what the resize reads. */
const MARGIN_PIXELS = 2;

/** The part of the picture that the resize reads, in pixels, if it is first reduced by `shrink`. */
export function seenRegion({ left, top, width, height }: Region, shrink: number): Region {
  const small = { width: Math.floor(width / shrink), height: Math.floor(height / shrink) };
  const resized = resizedSize(small);
  const [columns, rows] = [
    seenPart(small.width, small.width, resized.width),
    seenPart(small.height, small.height, resized.height),
  ];
  return {
    left: left + (columns.start - MARGIN_PIXELS) * shrink,
    top: top + (rows.start - MARGIN_PIXELS) * shrink,
    width: (columns.end - columns.start + 2 * MARGIN_PIXELS) * shrink,
    height: (rows.end - rows.start + 2 * MARGIN_PIXELS) * shrink,
  };
}

/** Position of a tile: they are counted row by row. */
export function tileRegion({ columns, width, height }: Grid, index: number): Region {
  return { left: (index % columns) * width, top: Math.floor(index / columns) * height, width, height };
}

export function overlap(one: Region, other: Region): boolean {
  return (
    one.left < other.left + other.width &&
    other.left < one.left + one.width &&
    one.top < other.top + other.height &&
    other.top < one.top + one.height
  );
}

/** How many pieces of a picture are decoded; 1 if it is in one piece. */
export function seenPieces({ grid, aperture }: HeifHeader, shrink: number): number {
  if (grid === undefined) return 1;
  const seen = seenRegion(aperture, shrink);
  const across = (from: number, length: number, side: number, count: number) =>
    Math.min(count, Math.ceil((from + length) / side)) - Math.max(0, Math.floor(from / side));
  return (
    Math.max(1, across(seen.left, seen.width, grid.width, grid.columns)) *
    Math.max(1, across(seen.top, seen.height, grid.height, grid.rows))
  );
}
