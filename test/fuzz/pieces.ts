/**
 * Locates a file's parts and the numbers in its headers, so that mutants get past the first checks.
 *
 * It looks only for what a valid seed has. A file that cannot be followed is one piece.
 */
import type { Anatomy } from './anatomy.ts';
import { gif, jpeg, png, webp } from './chunks.ts';
import type { Format } from './seeds.ts';
import { bmp, boxes, ico, tiff } from './tables.ts';

type Walk = (view: DataView) => Anatomy;

const WALKS: Readonly<Record<Format, Walk>> = {
  jpeg: (view) => jpeg(view),
  png: (view) => png(view),
  gif: (view) => gif(view),
  webp: (view) => webp(view),
  bmp: (view) => bmp(view),
  tiff: (view) => tiff(view),
  ico: (view) => ico(view),
  avif: (view) => boxes(view),
  heic: (view) => boxes(view),
};

export function anatomyOf(format: Format, bytes: Uint8Array): Anatomy {
  return WALKS[format](new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}
