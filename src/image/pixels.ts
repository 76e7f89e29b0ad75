import type { Size } from './header.ts';
import type { Taps } from './resample/taps.ts';

/**
 * A decoded picture, row-major from the top left, 8 bits a component, in the numbers that the file stores, straight alpha.
 *
 * `data` holds `width × height × bytesPerPixel` bytes. It may be a view into a decoder's wasm memory: it is
 * valid only until the decoder is called again, so it is read at once and never kept.
 */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly extent?: Extent;
  /** Straight RGBA where absent. */
  readonly layout?: PixelLayout;
  /** White around the pixels, in their scale: its size may be no whole number. Absent where there is none. */
  readonly canvas?: Canvas;
}

/** Where in a canvas a frame begins, in its pixels. */
export interface FramePlace {
  readonly left: number;
  readonly top: number;
}

/** Size of a canvas and the place of a frame on it, which does not reach beyond it. */
export interface Canvas extends FramePlace, Size {}

/**
 * Size of the picture in its decoder's pixels where that is no whole number, because the decoder made it smaller:
 * 3999 pixels are 499.875 at an eighth, of which the last is decoded whole or not at all.
 */
export type Extent = Size;

/** Where in each pixel's bytes its colour is. */
export interface PixelLayout {
  readonly bytesPerPixel: number;
  /** Byte of red; green and blue are in the two after it, or all three in this one where `grey`. */
  readonly grey: boolean;
  /** Byte of alpha; absent where every pixel is opaque. */
  readonly alpha?: number;
}

export const RGBA: PixelLayout = { bytesPerPixel: 4, grey: false, alpha: 3 };

/** A picture that its decoder resizes while it decodes it. As `Pixels`, it is used at once. */
export interface Resizable extends Size {
  readonly extent?: Extent;
  /**
   * @param input is filled: 3 planes of 224×224 in [−1, 1], as stored.
   * @returns false when the picture is broken or incomplete.
   */
  resize(columns: Taps, rows: Taps, input: Float32Array): boolean;
}

/** What decoders hand out. */
export type Picture = Pixels | Resizable;
