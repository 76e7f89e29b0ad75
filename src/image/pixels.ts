import type { Size } from './header.ts';
import type { Taps } from './resample/taps.ts';

/**
 * A decoded picture, row-major from the top left, 8 bits per component, in the stored colour space, straight alpha.
 *
 * `data` holds `width × height × bytesPerPixel` bytes. It may be a view into a decoder's wasm memory, valid only until
 * the decoder is called again, so it must be read at once and never kept.
 */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly extent?: Extent;
  /** Straight RGBA if absent. */
  readonly layout?: PixelLayout;
  /** White around the pixels, in their scale: its size may be fractional. Absent if there is none. */
  readonly canvas?: Canvas;
}

/** Position of a frame in its canvas, in its pixels. */
export interface FramePlace {
  readonly left: number;
  readonly top: number;
}

/** Size of a canvas and the position of a frame inside it. */
export interface Canvas extends FramePlace, Size {}

/**
 * Size of the picture in its decoder's pixels if it is fractional, because the decoder reduced it: 3999 pixels are
 * 499.875 at an eighth, of which the last is decoded fully or not at all.
 */
export type Extent = Size;

/** Where in a pixel's bytes its colour is. */
export interface PixelLayout {
  readonly bytesPerPixel: number;
  /** Byte of red; green and blue are the next two, or the same if `grey`. */
  readonly grey: boolean;
  /** Byte of alpha; absent if every pixel is opaque. */
  readonly alpha?: number;
}

export const RGBA: PixelLayout = { bytesPerPixel: 4, grey: false, alpha: 3 };

/** A picture that its decoder resizes while it decodes. Like `Pixels`, it must be used at once. */
export interface Resizable extends Size {
  readonly extent?: Extent;
  /**
   * @param input destination: 3 planes of 224×224 in [−1, 1], as stored.
   * @returns false if the picture is broken or incomplete.
   */
  resize(columns: Taps, rows: Taps, input: Float32Array): boolean;
}

/** The output of decoders. */
export type Picture = Pixels | Resizable;
