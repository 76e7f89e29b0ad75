/**
 * Our own JPEG decoder: ordinary JPEGs of any size, as most cameras and programs write them.
 *
 * It lays out its memory by hand (`src/image/jpeg/kernel.ts`), and holds neither the file nor the picture as a whole:
 * so this is all, whatever the size of both.
 *
 * | KiB at most | for |
 * |---|---|
 * | 588 | the network's input |
 * | 132 | tables and what is compiled in |
 * | 68 | a window of the file |
 * | 340 | rows of sums: of a picture 1 pixel wide, where each row is seen in 512 outputs; 180 at the largest size |
 * | 60 | a band of planes, and weights |
 */
import type { Shrink } from '../shrink.ts';
import { MAX_PIXELS } from './account.ts';
import { scaleFor } from './scale.ts';
import { type Time, unitsOf } from './time.ts';
import type { WayRow } from './way.ts';

/** Huffman codes take 10 ns per byte, at any scale: 0.2 s for the largest file. */
const TIMES: Readonly<Record<Shrink, Time>> = {
  1: { picture: 0.03, megapixel: 0.38, megabyte: 0.85 },
  2: { picture: 0.03, megapixel: 0.14, megabyte: 0.85 },
  4: { picture: 0.03, megapixel: 0.08, megabyte: 0.85 },
  8: { picture: 0.03, megapixel: 0.06, megabyte: 0.85 },
};

export const planesWay: WayRow = {
  decoder: 'planes',
  reads: (header) => header.format === 'jpeg' && header.mcu !== undefined,
  shrink: scaleFor,
  holds: () => MAX_PIXELS,
  units: (header, shrink, fileBytes) => unitsOf(TIMES[shrink], header, fileBytes),
};
