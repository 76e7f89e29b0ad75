/** Bytes of the wasm memories that our Worker holds, as `parts.ts` reports them. */
export interface Memories {
  readonly runtimeBytes: number;
  readonly photonBytes: number;
  readonly jpegBytes: number;
  readonly magickBytes: number;
}
