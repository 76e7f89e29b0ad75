/** The loop filter (RFC 6386 §15): filters the edges of a macroblock and of its subblocks. */
import { type Band, earlierBlock, type Plane } from './band.ts';
import { smoothInside, smoothOutside, smoothSimply } from './edges.ts';
import type { FilterHeader, FilterStrength } from './filter-header.ts';

/** What the filter needs to know of a row of macroblocks. */
export interface FilterRow {
  /** The segment of each column. */
  readonly segments: Uint8Array;
  /** 1 where luma was predicted by subblocks. */
  readonly bySubblocks: Uint8Array;
  /** 1 if the edges of subblocks are filtered as well. */
  readonly inside: Uint8Array;
}

/** @param columns of macroblocks. */
export function createFilterRow(columns: number): FilterRow {
  return {
    segments: new Uint8Array(columns),
    bySubblocks: new Uint8Array(columns),
    inside: new Uint8Array(columns),
  };
}

/** Edges of macroblocks are filtered at a larger difference than those of subblocks. */
const BETWEEN_MACROBLOCKS = 4;

const SUBBLOCK = 4;

/** Filters the earlier row of the band, and the kept lines that this affects. */
export function smoothRow(band: Band, filter: FilterHeader, row: FilterRow, isFirst: boolean): void {
  if (filter.kind === 'none') return;
  const { luma, blue, red } = band;
  for (let column = 0; column < row.segments.length; column++) {
    // Within bounds: there are four segments.
    const strengths = row.bySubblocks[column] === 1 ? filter.subblocks : filter.whole;
    const strength = strengths[row.segments[column] as number] as FilterStrength;
    if (strength.edge === 0) continue;
    const inside = row.inside[column] === 1;
    if (filter.kind === 'simple') {
      smoothLuma(luma, earlierBlock(luma, column), strength, inside, column > 0, !isFirst);
      continue;
    }
    smoothBlock(luma, earlierBlock(luma, column), strength, inside, column > 0, !isFirst);
    smoothBlock(blue, earlierBlock(blue, column), strength, inside, column > 0, !isFirst);
    smoothBlock(red, earlierBlock(red, column), strength, inside, column > 0, !isFirst);
  }
}

/** In the standard's order: left edge, inner vertical edges, top edge, inner horizontal edges. */
function smoothBlock(
  { samples, stride, side }: Plane,
  at: number,
  strength: FilterStrength,
  inside: boolean,
  hasLeft: boolean,
  hasAbove: boolean,
): void {
  const { edge, interior, variance } = strength;
  const outer = edge + BETWEEN_MACROBLOCKS;
  if (hasLeft) smoothOutside(samples, at, 1, stride, side, outer, interior, variance);
  if (inside) {
    for (let i = SUBBLOCK; i < side; i += SUBBLOCK) {
      smoothInside(samples, at + i, 1, stride, side, edge, interior, variance);
    }
  }
  if (hasAbove) smoothOutside(samples, at, stride, 1, side, outer, interior, variance);
  if (inside) {
    for (let i = SUBBLOCK; i < side; i += SUBBLOCK) {
      smoothInside(samples, at + i * stride, stride, 1, side, edge, interior, variance);
    }
  }
}

function smoothLuma(
  { samples, stride, side }: Plane,
  at: number,
  { edge }: FilterStrength,
  inside: boolean,
  hasLeft: boolean,
  hasAbove: boolean,
): void {
  const outer = edge + BETWEEN_MACROBLOCKS;
  if (hasLeft) smoothSimply(samples, at, 1, stride, side, outer);
  if (inside) {
    for (let i = SUBBLOCK; i < side; i += SUBBLOCK) smoothSimply(samples, at + i, 1, stride, side, edge);
  }
  if (hasAbove) smoothSimply(samples, at, stride, 1, side, outer);
  if (inside) {
    for (let i = SUBBLOCK; i < side; i += SUBBLOCK)
      smoothSimply(samples, at + i * stride, stride, 1, side, edge);
  }
}
