/** Icons as programs write them: a bitmap with its mask, or a PNG. */
import { bytesOf, ico, le16, le32 } from '../image/headers.ts';

const INFO_HEADER_BYTES = 40;

/** @param rgb `side` × `side` × 3 bytes, row by row from the top. */
export function bitmapIcon(rgb: Uint8Array, side: number): Uint8Array {
  const colours = new Uint8Array(side * side * 4);
  for (let y = 0, from = 0; y < side; y++) {
    for (let x = 0; x < side; x++, from += 3) {
      const to = ((side - 1 - y) * side + x) * 4;
      const [red = 0, green = 0, blue = 0] = rgb.subarray(from, from + 3);
      colours.set([blue, green, red, 255], to);
    }
  }
  // One bit per pixel, rows padded to four bytes; all 0, so nothing is masked out.
  const mask = new Uint8Array(Math.ceil(side / 32) * 4 * side);
  const sizes = [...le32(side), ...le32(2 * side), ...le16(1), ...le16(32), ...le32(0)];
  const rest = new Uint8Array(INFO_HEADER_BYTES - 4 - sizes.length);
  return ico([[bytesOf(le32(INFO_HEADER_BYTES), sizes, rest, colours, mask), side % 256]]);
}

export function pngIcon(png: Uint8Array, side: number): Uint8Array {
  return ico([[png, side % 256]]);
}
