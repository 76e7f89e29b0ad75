/** The part of onnxruntime-web's glue that is used here; the package has no types for it. */
declare module 'onnxruntime-web/ort-wasm-simd-threaded.mjs' {
  /** Addresses and handles are numbers, where 0 means none. In error codes, 0 means success. */
  export interface Glue {
    HEAPU8: Uint8Array;
    setValue(at: number, value: number, type: 'i32'): void;
    stringToUTF8(text: string, at: number, bytes: number): void;
    mountExternalData(name: string, data: Uint8Array): void;
    unmountExternalData(): void;
    _malloc(bytes: number): number;
    _free(at: number): void;
    _OrtInit(threads: number, logging: number): number;
    _OrtCreateSessionOptions(...values: (number | boolean)[]): number;
    _OrtAddSessionConfigEntry(options: number, key: number, value: number): number;
    _OrtReleaseSessionOptions(options: number): void;
    _OrtCreateSession(graph: number, bytes: number, options: number): number | Promise<number>;
    _OrtCreateTensor(...values: number[]): number;
    _OrtCreateRunOptions(...values: number[]): number;
    _OrtRun(...values: number[]): number;
  }

  export type Imports = Record<string, WebAssembly.ModuleImports>;

  export default function start(options: {
    numThreads: number;
    instantiateWasm(
      imports: Imports,
      done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ): void;
  }): Promise<Glue>;
}
