/** A network that is ready to run. */
export interface Loaded {
  /** @returns the 1001 logits. */
  run(): Promise<Float32Array>;
}
