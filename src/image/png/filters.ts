/** Undoes the filter of a row (PNG Third Edition §9). */

const [NONE, SUB, UP, AVERAGE, PAETH] = [0, 1, 2, 3, 4] as const;

/**
 * @param from position of the filtered row in `bytes`.
 * @param row destination.
 * @param up the row above; zeros above the first.
 * @param bpp bytes from a sample to the same one of the next pixel, at least 1.
 * @returns false if there is no such filter.
 */
export function unfilter(
  filter: number,
  bytes: Uint8Array,
  from: number,
  row: Uint8Array,
  up: Uint8Array,
  length: number,
  bpp: number,
): boolean {
  switch (filter) {
    case NONE:
      for (let i = 0; i < length; i++) row[i] = bytes[from + i] as number;
      return true;
    case SUB:
      for (let i = 0; i < bpp; i++) row[i] = bytes[from + i] as number;
      for (let i = bpp; i < length; i++) row[i] = (bytes[from + i] as number) + (row[i - bpp] as number);
      return true;
    case UP:
      for (let i = 0; i < length; i++) row[i] = (bytes[from + i] as number) + (up[i] as number);
      return true;
    case AVERAGE:
      for (let i = 0; i < bpp; i++) row[i] = (bytes[from + i] as number) + ((up[i] as number) >> 1);
      for (let i = bpp; i < length; i++) {
        row[i] = (bytes[from + i] as number) + (((row[i - bpp] as number) + (up[i] as number)) >> 1);
      }
      return true;
    case PAETH:
      // Byte by byte of a pixel, so that the values to the left and above need not be read again.
      for (let first = 0; first < bpp; first++) undoPaeth(bytes, from, row, up, first, length, bpp);
      return true;
    default:
      return false;
  }
}

/** §9.4. */
function undoPaeth(
  bytes: Uint8Array,
  from: number,
  row: Uint8Array,
  up: Uint8Array,
  first: number,
  length: number,
  bpp: number,
): void {
  let left = 0;
  let corner = 0;
  for (let i = first; i < length; i += bpp) {
    const above = up[i] as number;
    const toLeft = Math.abs(above - corner);
    const toAbove = Math.abs(left - corner);
    const toCorner = Math.abs(left + above - 2 * corner);
    const nearest = toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    left = ((bytes[from + i] as number) + nearest) & 0xff;
    row[i] = left;
    corner = above;
  }
}
