/** BI_RLE8, BI_RLE4 and OS/2's RLE24: runs of a colour, and literal stretches. */
import type { Bitmap } from '../header.ts';
import type { Work } from '../turns.ts';

/** Codes after a 0 in place of a run's length; 3 and more are the length of a stretch. */
const [END_OF_ROW, END_OF_PICTURE, MOVE] = [0, 1, 2] as const;

const OPAQUE = 0xff00_0000;

/**
 * Runs go from left to right and only on to later rows, so one row of memory suffices. Pixels that no run reaches have
 * the first colour of the palette, as in Pillow and ImageMagick; those beyond the right edge are dropped.
 *
 * @param take gets each row once, in the order of the file; the array is reused for the next.
 * @yields the share of the rows taken since the last time.
 * @returns whether it is complete: up to its end mark, or its last pixel.
 */
export function* decodeRle(
  bytes: Uint8Array,
  { width, height, compression, dataAt }: Bitmap,
  palette: Uint32Array,
  take: (argb: Uint32Array, stored: number) => void,
): Work<boolean> {
  const unitBytes = compression === 'rle24' ? 3 : 1;
  const isHalf = compression === 'rle4';
  const ground = compression === 'rle24' ? OPAQUE : (palette[0] as number);
  const row = new Uint32Array(width).fill(ground);
  let [x, y] = [0, 0];

  /** The colour of pixel `i` of a run or stretch that begins at `at`. */
  function colourAt(at: number, i: number): number {
    if (unitBytes === 3) {
      const from = at + 3 * i;
      const [blue = 0, green = 0, red = 0] = [bytes[from], bytes[from + 1], bytes[from + 2]];
      return OPAQUE | (red << 16) | (green << 8) | blue;
    }
    const byte = bytes[at + (isHalf ? i >> 1 : i)] ?? 0;
    // Within bounds: a palette has 256 colours.
    return palette[isHalf ? (i & 1 ? byte & 15 : byte >> 4) : byte] as number;
  }

  /** Hands over rows up to `target`, which may be the height. */
  function* goTo(target: number): Work<void> {
    for (; y < Math.min(target, height); y++) {
      take(row, y);
      row.fill(ground);
      yield 1 / height;
    }
  }

  for (let at = dataAt; at + 1 < bytes.length && y < height; ) {
    const run = bytes[at] as number;
    const code = bytes[at + 1] as number;
    if (run > 0) {
      if (at + 1 + unitBytes > bytes.length) break;
      for (let i = 0; i < run && x < width; i++, x++) row[x] = colourAt(at + 1, isHalf ? i & 1 : 0);
      at += 1 + unitBytes;
    } else if (code === END_OF_ROW) {
      yield* goTo(y + 1);
      x = 0;
      at += 2;
    } else if (code === END_OF_PICTURE) {
      yield* goTo(height);
    } else if (code === MOVE) {
      x += bytes[at + 2] ?? 0;
      const down = bytes[at + 3] ?? 0;
      // There may be millions of moves to the right alone.
      if (down > 0) yield* goTo(y + down);
      at += 4;
    } else {
      const stretch = isHalf ? (code + 1) >> 1 : code * unitBytes;
      // A literal stretch may be cut off only if none of it is visible.
      if (at + 2 + stretch > bytes.length) break;
      for (let i = 0; i < code && x < width; i++, x++) row[x] = colourAt(at + 2, i);
      // Stretches are padded to 16-bit words.
      at += 2 + stretch + (stretch & 1);
    }
  }
  // Many files have no end mark.
  if (y === height - 1 && x >= width) yield* goTo(height);
  return y >= height;
}
