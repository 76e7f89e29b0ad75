/**
 * A HEIF grid, decoded tile by tile and made smaller on the way.
 *
 * A decoder that puts the grid together itself holds the whole picture three times, 90 MiB for 12
 * megapixels; here it is one tile at a time, and an eighth of the picture's width and height.
 */

import type { HeifHeader } from '../header.ts';
import type { MagickDecoder } from '../magick/magick.ts';
import type { Pixels } from '../pixels.ts';
import { MAGICK_MEMORY_BYTES } from '../ways/account.ts';
import { codedTiles } from './coded.ts';
import { heifFile } from './container.ts';

const RGB = 3;

/**
 * @param shrink by how much width and height are made smaller; it divides those of a tile.
 * @returns undefined when a tile cannot be had, or is not of the size that it should be.
 */
export async function decodeTiles(
  magick: MagickDecoder,
  bytes: Uint8Array,
  header: HeifHeader,
  shrink: number,
): Promise<Pixels | undefined> {
  const { grid, format, coded } = header;
  const tiles = grid && codedTiles(bytes, header);
  if (grid === undefined || tiles === undefined) return undefined;
  const extent = { width: coded.width / shrink, height: coded.height / shrink };
  // Whole pixels only: what is left at the right and the bottom is less than one.
  const [width, height] = [Math.floor(extent.width), Math.floor(extent.height)];
  const data = new Uint8Array(width * height * RGB);
  for (const [i, tile] of tiles.entries()) {
    const left = (i % grid.columns) * (grid.width / shrink);
    const top = Math.floor(i / grid.columns) * (grid.height / shrink);
    const task = { format, bytes: heifFile(tile), limitBytes: MAGICK_MEMORY_BYTES };
    const placed = await magick.decode(task, (pixels) => {
      if (pixels.width !== grid.width || pixels.height !== grid.height) return false;
      place(pixels, shrink, { data, width, height }, left, top);
      return true;
    });
    if (!placed.ok || !placed.value) return undefined;
  }
  return { data, width, height, extent, layout: { bytesPerPixel: RGB, grey: false } };
}

/** Writes a tile, each pixel the mean of `shrink` × `shrink`, as far as it lies within the picture. */
function place(tile: Pixels, shrink: number, picture: Pixels, left: number, top: number): void {
  const { bytesPerPixel, grey } = tile.layout ?? { bytesPerPixel: 4, grey: false };
  const columns = Math.min(tile.width / shrink, picture.width - left);
  const rows = Math.min(tile.height / shrink, picture.height - top);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const from = (y * tile.width + x) * shrink * bytesPerPixel;
      const to = ((top + y) * picture.width + left + x) * RGB;
      for (let channel = 0; channel < RGB; channel++) {
        picture.data[to + channel] = mean(tile, from + (grey ? 0 : channel), shrink, bytesPerPixel);
      }
    }
  }
}

function mean({ data, width }: Pixels, from: number, side: number, bytesPerPixel: number): number {
  let sum = 0;
  for (let y = 0; y < side; y++) {
    let at = from + y * width * bytesPerPixel;
    // Within bounds: the square lies within the tile.
    for (let x = 0; x < side; x++, at += bytesPerPixel) sum += data[at] as number;
  }
  return Math.round(sum / side ** 2);
}
