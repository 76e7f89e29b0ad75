/** Pictures stored in each of EXIF's eight orientations, which all give the same upright picture. */
import type { Size } from './scenes.ts';

/** Where the upright picture's pixel (x, y) is stored; `right` and `bottom` are its last column and row. */
const STORED: Readonly<
  Record<number, (x: number, y: number, right: number, bottom: number) => readonly [x: number, y: number]>
> = {
  1: (x, y) => [x, y],
  2: (x, y, right) => [right - x, y],
  3: (x, y, right, bottom) => [right - x, bottom - y],
  4: (x, y, _, bottom) => [x, bottom - y],
  5: (x, y) => [y, x],
  6: (x, y, right) => [y, right - x],
  7: (x, y, right, bottom) => [bottom - y, right - x],
  8: (x, y, _, bottom) => [bottom - y, x],
};

export const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8] as const;

/**
 * @param pixels the upright picture, row by row from the top.
 * @returns the pixels as a file of that orientation stores them, and their size there.
 */
export function turned(
  pixels: Uint8Array,
  { width, height }: Size,
  orientation: number,
): Size & { readonly data: Uint8Array } {
  const channels = pixels.length / (width * height);
  const [storedWidth, storedHeight] = orientation >= 5 ? [height, width] : [width, height];
  const place = STORED[orientation];
  if (place === undefined) throw new Error(`there is no orientation ${orientation}`);
  const data = new Uint8Array(pixels.length);
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0; x < width; x++, from += channels) {
      const [column, row] = place(x, y, width - 1, height - 1);
      data.set(pixels.subarray(from, from + channels), (row * storedWidth + column) * channels);
    }
  }
  return { data, width: storedWidth, height: storedHeight };
}
