/**
 * ONNX Runtime as it is when its session has been made: an instance of `vendor/network.wasm`.
 *
 * When the project is installed, `scripts/vendor/network.ts` starts onnxruntime-web's module, has it load the graph,
 * and writes its memory back into the module, without the weights and without the functions that no run calls. So
 * an instance has its session from the start, and what is left to do is to write the weights in, and to run.
 */

/** Floats in the memory of an instance. */
export interface Place {
  /** Address in bytes, a multiple of four. */
  readonly at: number;
  readonly floats: number;
}

/** What `vendor/network.json` says about the module. */
export interface Image {
  /** What `OrtRun` is called with: session, names, tensors, options. */
  readonly run: readonly number[];
  readonly input: Place;
  readonly logits: Place;
  readonly embedding: Place;
  /** The tensors of model/weights.json, in its order. */
  readonly weights: readonly Place[];
}

export interface Runtime {
  /** Of its memory, which does not grow. */
  readonly bytes: number;
  /** The floats themselves, not a copy. */
  at(place: Place): Float32Array;
  /**
   * Runs the network once, from the floats at `input` to those at `logits` and `embedding`.
   *
   * @throws when the runtime fails. What its memory holds is then unknown: it is not to be run again.
   */
  run(): void;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly run: (...values: number[]) => number;
}

/** Of the instance that was made last. */
let memory: WebAssembly.Memory | undefined;

/** Bytes of wasm memory that the runtime holds: weights, graph and activations. 0 before it started. */
export function runtimeMemoryBytes(): number {
  return memory?.buffer.byteLength ?? 0;
}

/**
 * Makes an instance, with zeros for weights.
 *
 * @throws when the module needs imports other than those here.
 */
export function createRuntime(module: WebAssembly.Module, { run }: Image): Runtime {
  const runtime = {
    /** Exceptions, files, threads, more memory: no run calls them unless it fails. */
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
