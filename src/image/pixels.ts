/**
 * A decoded picture, row-major from the top left, 8 bits a component, sRGB as stored, straight alpha.
 *
 * `data` holds `width × height × 4` bytes, RGBA. It may be a view into a decoder's wasm memory: it is
 * valid only until the decoder is called again, so it is read at once and never kept.
 */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}
