import { fourCC } from '../headers/bytes.ts';
import { chunksOf } from '../headers/png-chunks.ts';
import { keptOf } from './kept.ts';

/** PNG (Third Edition) §5.2, §11.2. */
const SIGNATURE_BYTES = 8;
const IHDR = fourCC('IHDR');
const PLTE = fourCC('PLTE');
const TRNS = fourCC('tRNS');
const IDAT = fourCC('IDAT');

/** An IEND chunk: no data, its type and checksum. */
// biome-ignore format: a chunk
const IEND = Uint8Array.of(0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82);

/**
 * The critical chunks and the transparent colour, each but the pixels once, and an end. A decoder would inflate
 * profiles and texts to any size without using them: 300 KB became 1 GB.
 */
export function pngParts(bytes: Uint8Array): readonly Uint8Array[] {
  const kept = keptOf(bytes);
  const once = new Set([IHDR, PLTE, TRNS]);
  kept.keep({ start: 0, end: SIGNATURE_BYTES });
  for (const { type, start, end } of chunksOf(bytes)) {
    if (type === IDAT || once.delete(type)) kept.keep({ start, end });
    // Anything after the pixels does not belong to them.
    if (type === IDAT) once.clear();
  }
  kept.add(IEND);
  return kept.parts();
}
