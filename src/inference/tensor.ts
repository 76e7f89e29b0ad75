/** The public tensor contract, and the graph's input. */

/** One instance of the public input: rows, columns, RGB. */
export const PUBLIC_INPUT_SHAPE = [224, 224, 3] as const;

const PIXELS = 224 * 224;

/** Floats in one instance. */
export const PUBLIC_INPUT_FLOATS = PIXELS * 3;

/**
 * Converts the published model's input to the graph's.
 *
 * @param values NHWC, RGB in [0, 1]; one instance of 224×224×3 begins at `from`.
 * @returns NCHW float32 [1, 3, 224, 224] in [−1, 1].
 */
export function toGraphInput(values: ArrayLike<number>, from = 0): Float32Array {
  const input = new Float32Array(PUBLIC_INPUT_FLOATS);
  for (let pixel = 0, at = from; pixel < PIXELS; pixel++, at += 3) {
    input[pixel] = 2 * (values[at] as number) - 1;
    input[pixel + PIXELS] = 2 * (values[at + 1] as number) - 1;
    input[pixel + 2 * PIXELS] = 2 * (values[at + 2] as number) - 1;
  }
  return input;
}
