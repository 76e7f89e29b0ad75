/** The kinds of pictures, as error texts name them. */
import type { ImageHeader, JpegHeader } from '../header.ts';

/** For the middle of a sentence: "a progressive JPEG". */
export function kindOf(header: ImageHeader): string {
  switch (header.format) {
    case 'jpeg':
      return jpegKind(header);
    case 'png':
      return header.bitDepth === 16 ? 'a 16-bit PNG' : 'a PNG';
    case 'gif':
      return 'a GIF';
    case 'webp':
      return header.compression === 'lossless' ? 'a lossless WebP' : 'a WebP';
    case 'bmp':
      return 'a BMP';
    case 'tiff':
      return 'a TIFF';
    case 'ico':
      return 'an icon';
    case 'avif':
      return 'an AVIF';
    case 'heic':
      return 'an HEIC';
  }
}

function jpegKind({ bitDepth, process, entropyCoding }: JpegHeader): string {
  if (bitDepth !== 8) return `a JPEG of ${bitDepth} bits a sample`;
  if (process === 'lossless') return 'a lossless JPEG';
  if (process === 'progressive') return 'a progressive JPEG';
  return entropyCoding === 'arithmetic' ? 'a JPEG with arithmetic coding' : 'a JPEG';
}
