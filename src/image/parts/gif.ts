import type { GifHeader } from '../header.ts';
import { viewOf } from '../headers/bytes.ts';
import { afterSubBlocks, colourTable, DESCRIPTOR_BYTES, SCREEN_BYTES } from '../headers/gif.ts';
import { keptOf } from './kept.ts';

/** Offsets in the screen descriptor (GIF89a §18). */
const WIDTH_AT = 6;
const FLAGS_AT = 10;
const TRAILER = Uint8Array.of(0x3b);

/** The screen with its colours, the first frame with its transparency, and an end. */
export function gifParts(bytes: Uint8Array, header: GifHeader): readonly Uint8Array[] {
  const { palette, transparent, dataAt } = header;
  const screen = colourTable(SCREEN_BYTES, bytes[FLAGS_AT] ?? 0);
  const hasOwnColours = palette !== undefined && palette.start !== SCREEN_BYTES;
  const frame = (hasOwnColours ? palette.start : dataAt) - DESCRIPTOR_BYTES;
  const kept = keptOf(bytes);
  kept.add(screenOf(bytes, header));
  kept.keep(screen);
  if (transparent !== undefined) kept.add(graphicControl(transparent));
  kept.keep({ start: frame, end: afterSubBlocks(bytes, dataAt + 1) });
  kept.add(TRAILER);
  return kept.parts();
}

/** With the size of the picture, if a file states none. */
function screenOf(bytes: Uint8Array, { width, height }: GifHeader): Uint8Array {
  const screen = bytes.slice(0, SCREEN_BYTES);
  const view = viewOf(screen);
  view.setUint16(WIDTH_AT, width, true);
  view.setUint16(WIDTH_AT + 2, height, true);
  return screen;
}

/** An extension that names the transparent colour and nothing else (§23). */
function graphicControl(transparent: number): Uint8Array {
  return Uint8Array.of(0x21, 0xf9, 4, 1, 0, 0, transparent, 0);
}
