/** Bytes that the Worker holds: wasm memories, and JavaScript's buffers at most. */
export interface MemoryTaken {
  readonly runtime: number;
  readonly photon: number;
  readonly jpeg: number;
  readonly magick: number;
  readonly js: number;
}
