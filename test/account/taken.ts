/** Bytes that the Worker holds: wasm memories, and an upper bound for JavaScript's buffers. */
export interface MemoryTaken {
  readonly runtime: number;
  readonly photon: number;
  readonly jpeg: number;
  readonly magick: number;
  readonly js: number;
}
