/**
 * What programs here import through `wasm-import.ts`, as wrangler provides it: compiled wasm, the network as buffers.
 */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

declare module '*.onnx' {
  const graph: ArrayBuffer;
  export default graph;
}

declare module '*.bin' {
  const bytes: ArrayBuffer;
  export default bytes;
}
