/** Bytes of each wasm memory of the Worker. */
export interface WasmBytes {
  readonly runtime: number;
  readonly photon: number;
  readonly jpeg: number;
  readonly magick: number;
}
