/**
 * onnxruntime-web's wasm backend inside workerd, with the package's files untouched: the baseline for ours.
 *
 * Workers forbid compiling wasm at run time, and onnxruntime-web's glue compiles from bytes. So the wasm is imported as
 * a module, compiled at deploy time, and the glue gets a placeholder for the bytes. While it starts,
 * `WebAssembly.instantiate` is replaced by a function that returns an instance of that module; the original is restored
 * at once.
 *
 * It relies on internals of the glue: that it calls `WebAssembly.instantiate(bytes, imports)` exactly once and imports
 * its memory. package.json pins the version, and a new one may change this.
 */
import ortWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm';
import * as ort from 'onnxruntime-web/wasm';

export type OrtSession = ort.InferenceSession;
export type OrtSessionOptions = ort.InferenceSession.SessionOptions;

/** Never read: it only keeps the glue from fetching a file. */
const PLACEHOLDER = new ArrayBuffer(1);

/**
 * Starts the runtime, if this isolate has not yet, and creates a session.
 *
 * Nothing here waits for I/O, so the promise settles within one turn of the event loop, whichever request asked;
 * requests may therefore share it.
 *
 * @throws if the runtime or the model cannot be loaded.
 */
export async function createSession(graph: Uint8Array, options: OrtSessionOptions): Promise<OrtSession> {
  // One thread: an isolate has no workers, and the glue would look for them.
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = PLACEHOLDER;
  const original = WebAssembly.instantiate;
  Object.assign(WebAssembly, { instantiate: instantiateImported });
  try {
    return await ort.InferenceSession.create(graph, { ...options, executionProviders: ['wasm'] });
  } finally {
    WebAssembly.instantiate = original;
  }
}

/** A float tensor over `data`, which is not copied until the session runs. */
export function floatTensor(data: Float32Array, shape: readonly number[]): ort.Tensor {
  return new ort.Tensor('float32', data, shape);
}

/** Replaces `WebAssembly.instantiate` while the glue starts; ignores the placeholder bytes. */
async function instantiateImported(
  _bytes: BufferSource,
  imports: WebAssembly.Imports,
): Promise<{ instance: WebAssembly.Instance; module: WebAssembly.Module }> {
  return { instance: new WebAssembly.Instance(ortWasm, imports), module: ortWasm };
}
