/** The largest pictures that are decoded, by kind, as `GET /v1/limits` lists them. */
import type { ImageHeader } from '../header.ts';
import { EXAMPLES } from './examples.ts';
import { candidatesFor } from './table.ts';
import type { WholeDecoder } from './way.ts';

/** Size of the file for which `areaLimits` states how many pixels fit; each further byte leaves room for fewer. */
export const AREA_LIMIT_FILE_BYTES = 1024 * 1024;

/** The ways that read each kind, in the order in which they are tried for a picture of 12 megapixels. */
export function waysByKind(): Readonly<Record<string, readonly WholeDecoder[]>> {
  return Object.fromEntries(
    Object.entries(EXAMPLES).map(([kind, header]) => [
      kind,
      candidatesFor(header, AREA_LIMIT_FILE_BYTES).map(({ way }) => way.decoder),
    ]),
  );
}

/** Pixels that fit, for a file of `AREA_LIMIT_FILE_BYTES`; each side has its own limit. */
export function areaLimits(): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(EXAMPLES).map(([kind, header]) => [kind, largest(header)]));
}

function largest(header: ImageHeader): number {
  return Math.max(...candidatesFor(header, AREA_LIMIT_FILE_BYTES).map(({ holdsPixels }) => holdsPixels));
}
