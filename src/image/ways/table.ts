/**
 * The table of ways: which decoder reads which kind of picture correctly, in how much memory and time.
 *
 * `waysFor` takes the rows that read the kind, have memory for it and are within the bound on time, and tries them from
 * the cheapest on, as long as the bound allows. The size of a picture alone never decides. Each row's file says what it
 * is for and where its figures come from.
 */
import type { ImageHeader } from '../header.ts';
import { av1Way } from './av1.ts';
import { dcWay } from './dc.ts';
import { magickWay } from './magick.ts';
import { photonWay } from './photon.ts';
import { piecesWay } from './pieces.ts';
import { planesWay } from './planes.ts';
import { rowsWay } from './rows.ts';
import { tilesWay } from './tiles.ts';
import type { Way, WayRow, WholeWay } from './way.ts';

export const WAYS: readonly WayRow[] = [
  planesWay,
  dcWay,
  photonWay,
  rowsWay,
  av1Way,
  magickWay,
  tilesWay,
  piecesWay,
];

/** A row of the table, filled in for one picture. */
export interface Candidate {
  readonly way: WholeWay;
  /** Pixels of such a picture that there is memory for. */
  readonly holdsPixels: number;
  readonly isCoarse: boolean;
}

/** The ways that read pictures of this kind: lossless ones first, and of these the cheapest. */
export function candidatesFor(
  header: ImageHeader,
  fileBytes: number,
  ways: readonly WayRow[] = WAYS,
): Candidate[] {
  return ways
    .filter((row) => row.reads(header))
    .map((row): Candidate => {
      const shrink = row.shrink(header);
      return {
        way: { decoder: row.decoder, shrink, units: row.units(header, shrink, fileBytes) },
        holdsPixels: row.holds(header, shrink, fileBytes),
        isCoarse: row.isCoarse?.(header) ?? false,
      };
    })
    .sort((one, other) => Number(one.isCoarse) - Number(other.isCoarse) || one.way.units - other.way.units);
}

/** Ways that have memory, in the order in which they are tried. */
export function roomyWays(header: ImageHeader, fileBytes: number): WholeWay[] {
  const pixels = header.width * header.height;
  return candidatesFor(header, fileBytes)
    .filter(({ holdsPixels }) => pixels <= holdsPixels)
    .map(({ way }) => way);
}

/** The ways that may all be tried, one after the other, within this many units. */
export function within<W extends Way>(ways: readonly W[], limitUnits: number): W[] {
  let left = limitUnits;
  return ways.filter(({ units }) => {
    if (units > left) return false;
    left -= units;
    return true;
  });
}
