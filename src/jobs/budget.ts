/** CPU time that an invocation of the queue's consumer may spend on pictures. */

/**
 * Half of `cpu_ms` in wrangler.toml, which a Worker cannot read; a test compares the two. The other half allows for a
 * machine slower than the one on which costs were measured, and for work other than decoding and inference.
 */
export const CHUNK_MILLISECONDS = 2500;

/** 0.4 of 30.3 ms (`bench/results.md`, one warm request), and twice that for a slower machine. */
export const UNIT_MILLISECONDS = 25;

export const CHUNK_UNITS = CHUNK_MILLISECONDS / UNIT_MILLISECONDS;
