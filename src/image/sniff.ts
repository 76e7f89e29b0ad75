import type { Sniffed } from './header.ts';
import { isBmp, readBmpHeader } from './headers/bmp.ts';
import { isGif, readGifHeader } from './headers/gif.ts';
import { isHeif, readHeifHeader } from './headers/heif.ts';
import { isIco, readIcoHeader } from './headers/ico.ts';
import { isTiffBlock } from './headers/ifd.ts';
import { isJpeg, readJpegHeader } from './headers/jpeg.ts';
import { isPng, readPngHeader } from './headers/png.ts';
import { readTiffHeader } from './headers/tiff.ts';
import { isWebp, readWebpHeader } from './headers/webp.ts';

const FORMATS: readonly [is: (bytes: Uint8Array) => boolean, read: (bytes: Uint8Array) => Sniffed][] = [
  [isJpeg, readJpegHeader],
  [isPng, readPngHeader],
  [isGif, readGifHeader],
  [isWebp, readWebpHeader],
  [isBmp, readBmpHeader],
  [isHeif, readHeifHeader],
  [isTiffBlock, readTiffHeader],
  [isIco, readIcoHeader],
];

/**
 * Recognises a picture's format and reads its header, from the bytes alone: names and content types may be wrong.
 *
 * Allocates next to nothing, reads no byte twice except a bounded few, and never throws. The picture may still turn out
 * to be damaged later in the file; its size will not be larger than stated.
 *
 * @param bytes the whole file, or as much of it as there is.
 */
export function sniff(bytes: Uint8Array): Sniffed {
  for (const [is, read] of FORMATS) {
    if (is(bytes)) return read(bytes);
  }
  return { kind: 'unknown' };
}
