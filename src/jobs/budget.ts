/** How much CPU an invocation of the queue's consumer spends on pictures. */

/**
 * Half of `cpu_ms` in wrangler.toml, which a Worker cannot read; a test holds the two together. The other half is for
 * a machine that is slower than the one that costs were measured on, and for what is not decoding and inference.
 */
export const CHUNK_MILLISECONDS = 2500;

/** 0.4 of 30.3 ms (`bench/results.md`, one warm request), and twice that for a slower machine. */
export const UNIT_MILLISECONDS = 25;

export const CHUNK_UNITS = CHUNK_MILLISECONDS / UNIT_MILLISECONDS;
