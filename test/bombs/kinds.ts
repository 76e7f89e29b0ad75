/** All bombs. */
import { BITMAP_BOMBS } from './bitmaps.ts';
import type { Bomb } from './bomb.ts';
import { GIF_BOMBS } from './gif.ts';
import { HEIF_BOMBS } from './heif.ts';
import { JPEG_BOMBS } from './jpeg.ts';
import { PNG_BOMBS } from './png.ts';
import { REQUEST_BOMBS } from './requests.ts';
import { TIFF_BOMBS } from './tiff.ts';
import { WEBP_BOMBS } from './webp.ts';

export const BOMBS: readonly Bomb[] = [
  ...JPEG_BOMBS,
  ...PNG_BOMBS,
  ...GIF_BOMBS,
  ...BITMAP_BOMBS,
  ...TIFF_BOMBS,
  ...WEBP_BOMBS,
  ...HEIF_BOMBS,
  ...REQUEST_BOMBS,
];
