/** Converts luma and chroma to RGB by ITU-R BT.601: luma is stored as 16–235, chroma around 128 with a range of 224. */
const BLACK = 16;
const NEUTRAL = 128;
const LUMA = 255 / 219;
const RED_BY_RED = (1.402 * 255) / 224;
const GREEN_BY_BLUE = (0.344136 * 255) / 224;
const GREEN_BY_RED = (0.714136 * 255) / 224;
const BLUE_BY_BLUE = (1.772 * 255) / 224;

/** Stores three bytes from `at` on. The array rounds and clamps what is stored in it. */
export function storeRgb(data: Uint8ClampedArray, at: number, y: number, cb: number, cr: number): void {
  const luma = LUMA * (y - BLACK);
  const blue = cb - NEUTRAL;
  const red = cr - NEUTRAL;
  data[at] = luma + RED_BY_RED * red;
  data[at + 1] = luma - GREEN_BY_BLUE * blue - GREEN_BY_RED * red;
  data[at + 2] = luma + BLUE_BY_BLUE * blue;
}
