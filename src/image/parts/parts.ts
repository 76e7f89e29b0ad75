/**
 * Selects the parts of a file that make its picture, to be joined without copying them, so that only these reach a
 * decoder.
 *
 * Everything else, such as text, profiles, other frames and data after the picture, could only make a decoder fail or
 * cost it time and memory. The header readers read what is useful of it.
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
