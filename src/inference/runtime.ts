/**
 * ONNX Runtime with its session already created: an instance of `vendor/network.wasm`.
 *
 * At installation, `scripts/vendor/network.ts` starts onnxruntime-web's module, has it load the graph, and writes its
 * memory and the weights back into the module, without the functions that no run calls. So an instance has its session
 * from the start, and can run.
 */

/** Floats in the memory of an instance. */
export interface Place {
  /** Address in bytes, a multiple of four. */
  readonly at: number;
  readonly floats: number;
}

/** The contents of `vendor/network.json`. */
export interface Image {
  /** Arguments of `OrtRun`: session, names, tensors, options. */
  readonly run: readonly number[];
  readonly input: Place;
  readonly logits: Place;
  readonly embedding: Place;
}

export interface Runtime {
  /** Size of its memory, which does not grow. */
  readonly bytes: number;
  /** The floats themselves, not a copy. */
  at(place: Place): Float32Array;
  /**
   * Runs the network once, from the floats at `input` to those at `logits` and `embedding`.
   *
   * @throws if the runtime fails. The state of its memory is then unknown, and it must not be run again.
   */
  run(): void;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly run: (...values: number[]) => number;
}

/** The memory of the instance that was created last. */
let memory: WebAssembly.Memory | undefined;

/** Bytes of wasm memory that the runtime holds: weights, graph and activations. 0 before it started. */
export function runtimeMemoryBytes(): number {
  return memory?.buffer.byteLength ?? 0;
}

/**
 * Creates an instance.
 *
 * @throws if the module needs imports other than those here.
 */
export function createRuntime(module: WebAssembly.Module, { run }: Image): Runtime {
  const runtime = {
    /** Exceptions, files, threads, more memory: a run calls them only if it fails. */
    unused(): never {
      throw new Error('the runtime wants something of its surroundings that no run has wanted before');
    },
  };
  // Its exports are those that scripts/vendor/network.ts gives it.
  const exports = new WebAssembly.Instance(module, { runtime }).exports as unknown as Exports;
  memory = exports.memory;
  return {
    bytes: memory.buffer.byteLength,
    at: (place) => new Float32Array(exports.memory.buffer, place.at, place.floats),
    run() {
      const code = exports.run(...run);
      if (code !== 0) throw new Error(`the network does not run: code ${code}`);
    },
  };
}
