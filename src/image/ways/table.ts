/**
 * The table of ways: which decoder shows which kind of picture right, in how much memory and time.
 *
 * `waysFor` takes the rows that read the kind, of those the ones that have room, and tries them from the cheapest on.
 * The size of a picture alone never chooses. Each row's file says what it is for and where its figures come from.
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
import type { WayRow, WholeWay } from './way.ts';

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
  readonly units: number;
  readonly isCoarse: boolean;
}

/** The ways that read pictures of this kind, those that lose nothing first, and of them the cheapest. */
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
        way: { decoder: row.decoder, shrink },
        holdsPixels: row.holds(header, shrink, fileBytes),
        units: row.units(header, shrink),
        isCoarse: row.isCoarse?.(header) ?? false,
      };
    })
    .sort((one, other) => Number(one.isCoarse) - Number(other.isCoarse) || one.units - other.units);
}

/** Those of them that have room, in the same order. */
export function fittingWays(header: ImageHeader, fileBytes: number): WholeWay[] {
  const pixels = header.width * header.height;
  return candidatesFor(header, fileBytes)
    .filter(({ holdsPixels }) => pixels <= holdsPixels)
    .map(({ way }) => way);
}
