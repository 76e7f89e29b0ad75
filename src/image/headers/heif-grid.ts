/** Pictures assembled from equal tiles (ISO/IEC 23008-12 §6.6.2.3). */
import type { Grid, Size } from '../header.ts';
import { readerOf } from './boxes.ts';
import type { Tables } from './heif-items.ts';
import { dataOf } from './heif-locations.ts';

interface Assembly {
  readonly output: Size;
  readonly layout: Grid;
}

/**
 * Reads the data of a grid item.
 *
 * @param tile size of the first tile; the others must have the same.
 * @param count of tiles that the item refers to.
 * @returns undefined unless the number of tiles matches and they cover the picture.
 */
export function gridOf(tables: Tables, item: number, tile: Size, count: number): Assembly | undefined {
  const data = dataOf(tables, item);
  if (data === undefined) return undefined;
  const reader = readerOf(data, { start: 0, end: data.length });
  reader.skip(1);
  const fieldBytes = (reader.uint(1) & 1) === 0 ? 2 : 4;
  const rows = 1 + reader.uint(1);
  const columns = 1 + reader.uint(1);
  const output = { width: reader.uint(fieldBytes), height: reader.uint(fieldBytes) };
  if (reader.overran() || rows * columns !== count) return undefined;
  if (tile.width * columns < output.width || tile.height * rows < output.height) return undefined;
  return { output, layout: { ...tile, columns, rows } };
}
