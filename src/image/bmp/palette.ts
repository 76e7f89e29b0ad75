import type { Bitmap } from '../header.ts';

const OPAQUE = 0xff00_0000;

/** 256 colours as ARGB, opaque; missing ones are black. */
export function readPalette(bytes: Uint8Array, { palette, paletteEntryBytes }: Bitmap): Uint32Array {
  const colours = new Uint32Array(256).fill(OPAQUE);
  for (
    let i = 0, at = palette.start;
    at + 3 <= palette.end && i < colours.length;
    i++, at += paletteEntryBytes
  ) {
    const [blue = 0, green = 0, red = 0] = [bytes[at], bytes[at + 1], bytes[at + 2]];
    colours[i] = OPAQUE | (red << 16) | (green << 8) | blue;
  }
  return colours;
}
