/** Inverse transforms (RFC 6386 §14.3, §14.4): integers throughout, so every decoder has the same samples. */

const BLOCK = 16;

/** √2·sin(π/8), and √2·cos(π/8) − 1, in 65,536ths. */
const SINE = 35_468;
const COSINE = 20_091;

/** Between the two passes; written before each use. */
const between = new Int32Array(BLOCK);

/**
 * Walsh–Hadamard transform of the block of means: each result becomes the mean of its luma block.
 *
 * @param at position of the means in `values`.
 */
export function spreadMeans(values: Int16Array, at: number): void {
  for (let i = 0; i < 4; i++) {
    // Within bounds, as all below: a block has 16 values.
    const one = values[at + i] as number;
    const two = values[at + 4 + i] as number;
    const three = values[at + 8 + i] as number;
    const four = values[at + 12 + i] as number;
    between[i] = one + four + (two + three);
    between[4 + i] = one - four + (two - three);
    between[8 + i] = one + four - (two + three);
    between[12 + i] = one - four - (two - three);
  }
  for (let i = 0; i < BLOCK; i += 4) {
    const one = (between[i] as number) + 3;
    const two = between[i + 1] as number;
    const three = between[i + 2] as number;
    const four = between[i + 3] as number;
    const to = i * BLOCK;
    values[to] = (one + four + (two + three)) >> 3;
    values[to + BLOCK] = (one - four + (two - three)) >> 3;
    values[to + 2 * BLOCK] = (one + four - (two + three)) >> 3;
    values[to + 3 * BLOCK] = (one - four - (two - three)) >> 3;
  }
}

/**
 * Cosine transform of a block, added to its prediction. Clears the values.
 *
 * @param samples clamp what is stored in them.
 * @param to position of the block's first sample.
 */
export function addBlock(
  values: Int16Array,
  at: number,
  samples: Uint8ClampedArray,
  to: number,
  stride: number,
): void {
  for (let i = 0; i < 4; i++) {
    const one = values[at + i] as number;
    const two = values[at + 4 + i] as number;
    const three = values[at + 8 + i] as number;
    const four = values[at + 12 + i] as number;
    const sum = one + three;
    const gap = one - three;
    const cross = ((two * SINE) >> 16) - four - ((four * COSINE) >> 16);
    const along = two + ((two * COSINE) >> 16) + ((four * SINE) >> 16);
    between[i] = sum + along;
    between[4 + i] = gap + cross;
    between[8 + i] = gap - cross;
    between[12 + i] = sum - along;
  }
  for (let i = 0, row = to; i < BLOCK; i += 4, row += stride) {
    const one = (between[i] as number) + 4;
    const two = between[i + 1] as number;
    const three = between[i + 2] as number;
    const four = between[i + 3] as number;
    const sum = one + three;
    const gap = one - three;
    const cross = ((two * SINE) >> 16) - four - ((four * COSINE) >> 16);
    const along = two + ((two * COSINE) >> 16) + ((four * SINE) >> 16);
    samples[row] = (samples[row] as number) + ((sum + along) >> 3);
    samples[row + 1] = (samples[row + 1] as number) + ((gap + cross) >> 3);
    samples[row + 2] = (samples[row + 2] as number) + ((gap - cross) >> 3);
    samples[row + 3] = (samples[row + 3] as number) + ((sum - along) >> 3);
  }
  values.fill(0, at, at + BLOCK);
}

/** The same for a block with only a DC coefficient. */
export function addMean(
  values: Int16Array,
  at: number,
  samples: Uint8ClampedArray,
  to: number,
  stride: number,
): void {
  const mean = ((values[at] as number) + 4) >> 3;
  values[at] = 0;
  for (let row = to; row < to + 4 * stride; row += stride) {
    for (let i = row; i < row + 4; i++) samples[i] = (samples[i] as number) + mean;
  }
}
