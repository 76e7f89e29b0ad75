/**
 * What a picture's first bytes say about it, before anything is decoded.
 *
 * Limits and the memory account work on these facts alone; see `account.ts`.
 */
export type ImageFormat = ImageHeader['format'];

/** EXIF orientation 1–8 (TIFF 6.0 tag 0x0112): how the stored rows must be turned to be upright. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export type ImageHeader = JpegHeader | PngHeader | GifHeader | WebpHeader | BmpHeader;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Bytes of the file from `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

interface Raster extends Size {
  /** Stored width in pixels, before orientation; what the decoder hands out. Never 0. */
  readonly width: number;
  /** Stored height in pixels, before orientation; what the decoder hands out. Never 0. */
  readonly height: number;
  /** Colour components a pixel, alpha included; a palette index is one: 1–4. */
  readonly components: number;
  /** Bits a component as stored: 1–16. */
  readonly bitDepth: number;
  /** Progressive JPEG, interlaced PNG or GIF: the decoder keeps the whole picture's coefficients or passes. */
  readonly progressive: boolean;
  /** More than one frame; only the first is classified. */
  readonly animated: boolean;
}

export interface JpegHeader extends Raster {
  readonly format: 'jpeg';
  /** How the frame is coded; the 8-bit and the 12-bit sequential processes differ in `bitDepth` only. */
  readonly process: 'sequential' | 'progressive' | 'lossless';
  readonly entropyCoding: 'huffman' | 'arithmetic';
  /** Samples of all components together, each padded to whole MCUs: 1.5 a pixel for 4:2:0, 3 for 4:4:4. */
  readonly storedSamples: number;
}

export interface PngHeader extends Raster {
  readonly format: 'png';
  readonly colour: 'grey' | 'rgb' | 'palette' | 'grey-alpha' | 'rgba';
  /** A tRNS chunk is there: decoding adds an alpha channel. */
  readonly transparency: boolean;
  /**
   * Whole chunks that hold colour profiles (iCCP). The decoder inflates them to any size and then does
   * not use them: 300 KB became 1 GB. So they are left out of what it is given.
   */
  readonly profiles: readonly ByteRange[];
}

export interface GifHeader extends Raster {
  readonly format: 'gif';
  /** The first frame; where it is not the whole screen, the decoder keeps both, and the frame may be the larger. */
  readonly frame: Size;
}

export interface WebpHeader extends Raster {
  readonly format: 'webp';
  readonly compression: 'lossy' | 'lossless';
}

export interface BmpHeader extends Raster {
  readonly format: 'bmp';
  readonly compression: 'none' | 'rle' | 'bitfields';
  /** Rows are stored from the top; the usual order is from the bottom. */
  readonly topDown: boolean;
}

/** What the bytes turned out to be: a picture, a picture whose header cannot be used, or neither. */
export type Sniffed =
  | { readonly kind: 'picture'; readonly header: ImageHeader }
  | { readonly kind: 'broken'; readonly format: ImageFormat; readonly reason: string }
  | { readonly kind: 'unknown' };

export function broken(format: ImageFormat, reason: string): Sniffed {
  return { kind: 'broken', format, reason };
}
