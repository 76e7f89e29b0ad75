/** Bytes of wasm memory, as a decoder takes them for a picture. */
export interface Cost {
  /** Bytes a pixel of the full picture, at the peak. */
  readonly perPixel: number;
  /** How often the file lies in memory at that moment, beside the body that the caller holds. */
  readonly copies: number;
}

/** What a decoder may take, and what of it does not depend on the picture. */
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

/** How many pixels of such a picture fit beside a file of that size. */
export function pixelsWithin(
  { perPixel, copies }: Cost,
  { budgetBytes, fixedBytes }: Share,
  fileBytes: number,
): number {
  return Math.max(0, Math.floor((budgetBytes - fixedBytes - copies * fileBytes) / perPixel));
}
