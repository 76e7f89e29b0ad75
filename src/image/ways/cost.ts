/** Bytes of wasm memory that a decoder takes for a picture. */
export interface Cost {
  /** Bytes per pixel of the full picture, at the peak. */
  readonly perPixel: number;
  /** Copies of the file in memory at that moment, in addition to the body that the caller holds. */
  readonly copies: number;
}

/** What a decoder may take, and the part of it that does not depend on the picture. */
export interface Share {
  readonly budgetBytes: number;
  readonly fixedBytes: number;
}

export function bytesFor(
  { perPixel, copies }: Cost,
  { fixedBytes }: Share,
  pixels: number,
  fileBytes: number,
): number {
  return Math.ceil(fixedBytes + copies * fileBytes + perPixel * pixels);
}

/** Pixels of such a picture that fit in addition to a file of that size. */
export function pixelsWithin(
  { perPixel, copies }: Cost,
  { budgetBytes, fixedBytes }: Share,
  fileBytes: number,
): number {
  return Math.max(0, Math.floor((budgetBytes - fixedBytes - copies * fileBytes) / perPixel));
}
