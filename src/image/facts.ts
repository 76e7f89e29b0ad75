/** Facts about the picture in an answer. */
import * as z from 'zod';
import type { ImageFormat, Orientation } from './header.ts';

const FORMATS = [
  'jpeg',
  'png',
  'gif',
  'webp',
  'bmp',
  'tiff',
  'ico',
  'avif',
  'heic',
] as const satisfies readonly ImageFormat[];
const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8] as const satisfies readonly Orientation[];

export const imageFactsSchema = z.lazy(() =>
  z
    .object({
      format: z.enum(FORMATS).describe('The format of the bytes, regardless of content type and file name.'),
      width: z.int().min(1).describe('Width of the upright picture, in pixels.'),
      height: z.int().min(1).describe('Height of the upright picture, in pixels.'),
      orientation: z
        .literal(ORIENTATIONS)
        .describe(
          'The stored orientation by EXIF number, where 1 is upright. The picture was turned upright.',
        ),
      animated: z
        .literal(true)
        .exactOptional()
        .describe('Present only if the file has more than one frame: the first was classified.'),
      preview: z
        .literal(true)
        .exactOptional()
        .describe(
          'Present only if a smaller copy within the file was classified, because the picture itself does not fit.',
        ),
    })
    .readonly()
    .meta({ id: 'Image', examples: [{ format: 'jpeg', width: 3024, height: 4032, orientation: 6 }] }),
);

export type ImageFacts = z.infer<typeof imageFactsSchema>;
