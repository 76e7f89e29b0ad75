import { afterSubBlocks, colourTableBytes } from '../headers/gif.ts';
import { keptOf } from './kept.ts';

/** Header and logical screen descriptor (GIF89a §17, §18), image descriptor (§20). */
const SCREEN_BYTES = 13;
const DESCRIPTOR_BYTES = 10;
const IMAGE = 0x2c;
const EXTENSION = 0x21;
const GRAPHIC_CONTROL = 0xf9;
const TRAILER = Uint8Array.of(0x3b);

/** The screen with its colours, the first frame with what says of its transparency, and an end. */
export function gifParts(bytes: Uint8Array): readonly Uint8Array[] {
  const kept = keptOf(bytes);
  const screenEnd = SCREEN_BYTES + colourTableBytes(bytes[SCREEN_BYTES - 3] ?? 0);
  kept.keep({ start: 0, end: screenEnd });
  let at = screenEnd;
  let control: { start: number; end: number } | undefined;
  while (bytes[at] === EXTENSION) {
    const end = afterSubBlocks(bytes, at + 2);
    // The last before the frame counts (§23).
    if (bytes[at + 1] === GRAPHIC_CONTROL) control = { start: at, end };
    at = end;
  }
  if (bytes[at] !== IMAGE) return [];
  if (control !== undefined) kept.keep(control);
  const data = at + DESCRIPTOR_BYTES + colourTableBytes(bytes[at + DESCRIPTOR_BYTES - 1] ?? 0) + 1;
  kept.keep({ start: at, end: afterSubBlocks(bytes, data) });
  kept.add(TRAILER);
  return kept.parts();
}
