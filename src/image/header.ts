/**
 * What a picture's first bytes say about it, before anything is decoded.
 *
 * Limits and the memory account work on these facts alone; see `account.ts`.
 */
export type ImageFormat = 'jpeg' | 'png' | 'gif' | 'webp' | 'bmp';

/** EXIF orientation 1–8 (TIFF 6.0 tag 0x0112): how the stored rows must be turned to be upright. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export interface ImageHeader {
  readonly format: ImageFormat;
  /** Stored width in pixels, before orientation. */
  readonly width: number;
  /** Stored height in pixels, before orientation. */
  readonly height: number;
  /** Colour components a pixel, alpha and palette index included: 1–4. */
  readonly components: number;
  /** Bits a component as stored: 1–16. */
  readonly bitDepth: number;
  /** Progressive JPEG, interlaced PNG or GIF: the decoder keeps the whole picture's coefficients or passes. */
  readonly progressive: boolean;
  /** More than one frame; only the first is classified. */
  readonly animated: boolean;
}
