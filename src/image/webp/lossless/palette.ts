/** Pictures of few colours (RFC 9649 §4.4). */
import type { Size } from '../../header.ts';
import { type BitReader, readBits } from './bits.ts';
import { readSmall } from './entropy-image.ts';
import { sumOf } from './pixel.ts';
import type { Rows } from './stored-rows.ts';
import type { Transform } from './undone.ts';

/** Green is an index into a colour table; with small tables one value packs several indices. */
export function readPalette(bits: BitReader, { width }: Size, kept: Uint32Array): Transform | undefined {
  const count = 1 + readBits(bits, 8);
  const stored = readSmall(
    bits,
    { width: count, height: 1 },
    kept,
    (pixel) => pixel,
    (length) => new Uint32Array(length),
  );
  if (stored === undefined) return undefined;
  // Beyond the table is transparent black.
  const colours = new Uint32Array(256);
  for (let i = 0, before = 0; i < count; i++) {
    before = sumOf(before, stored[i] as number);
    colours[i] = before;
  }
  const packing = count <= 2 ? 3 : count <= 4 ? 2 : count <= 16 ? 1 : 0;
  const bitsEach = 8 >> packing;
  const mask = (1 << bitsEach) - 1;
  const row = new Uint32Array(width);
  const undo = (rows: Rows): Rows => ({
    next() {
      const packed = rows.next();
      if (packed === undefined) return undefined;
      for (let x = 0; x < width; x++) {
        const place = (packed[x >> packing] as number) >>> (8 + (x & ((1 << packing) - 1)) * bitsEach);
        row[x] = colours[place & mask] as number;
      }
      return row;
    },
  });
  return { storedWidth: Math.ceil(width / 2 ** packing), undo };
}
