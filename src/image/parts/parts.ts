/**
 * Only what makes the picture reaches a decoder: of a file the parts that do, to be joined, without a copy of them.
 *
 * Everything else, such as text, profiles, other frames and what lies behind the picture, could only fail a decoder
 * or cost it time and memory, and is read here where it is of use.
 */
import type { ImageHeader } from '../header.ts';
import { gifParts } from './gif.ts';
import { jpegParts } from './jpeg.ts';
import { pngParts } from './png.ts';
import { tiffParts } from './tiff.ts';
import { webpParts } from './webp.ts';

export function partsOf(bytes: Uint8Array, header: ImageHeader): readonly Uint8Array[] {
  switch (header.format) {
    case 'jpeg':
      return jpegParts(bytes, header);
    case 'png':
      return pngParts(bytes);
    case 'gif':
      return gifParts(bytes, header);
    case 'tiff':
      return tiffParts(bytes, header);
    case 'webp':
      return webpParts(bytes);
    default:
      return [bytes];
  }
}
