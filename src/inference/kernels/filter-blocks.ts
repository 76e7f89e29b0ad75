/**
 * How the weights of a convolution are in memory where all channels meet in each output: 1×1, and the first layer.
 *
 * The graph has one filter after the other. The kernels (`matrix-block.ts`) compute a few filters at a time and read
 * the weights of all of them for one input together, so that is their order: block by block, in each block input by
 * input, and for each input one weight of each filter. `scripts/vendor/network/weights.ts` writes them.
 *
 * They are float32, or int8: then the scale of each filter follows the values. A weight is its value times the scale.
 */

/** Filters in a block. */
export const FILTERS_IN_A_BLOCK = 3;
/** Filters in the last block if one would be left over. */
export const FILTERS_IN_LAST_BLOCK = 4;

/**
 * The last word of the place of int8 values, which need less than half of it. As a float it is not a number, and so no
 * weight.
 */
export const INT8_MARK = -1;
