/**
 * The network: one runtime per isolate, started by the first request.
 *
 * The input and output of the graph (NCHW, [−1, 1], batch 1) are private to this module; the public tensor contract is
 * in the model card.
 */
import image from '../../vendor/network.json';
import module from '../../vendor/network.wasm';
import { once } from './once.ts';
import { createRuntime, type Runtime } from './runtime.ts';

export interface NetworkOutput {
  /** 1001 floats, unnormalised; output 0 is background. */
  readonly logits: Float32Array;
  /** 1024 floats: the hard-swish output that the last layer turns into logits. */
  readonly embedding: Float32Array;
}

export interface Network {
  /** Starts the runtime unless it has started. @throws if it cannot; the next call tries again. */
  warm(): Promise<void>;
  /**
   * Runs the network once.
   *
   * @param input NCHW float32 [1, 3, 224, 224], RGB in [−1, 1].
   * @throws if the runtime cannot be started or fails: never because of the input. The next call starts another one.
   */
  run(input: Float32Array): Promise<NetworkOutput>;
}

/** @param start lets a test make the start fail, or replace what was started. */
export function createNetwork(start: () => Promise<Runtime> = startRuntime): Network {
  let started = once(start);
  return {
    async warm() {
      await started();
    },
    async run(input) {
      if (input.length !== image.input.floats) throw new Error(`an input of ${input.length} floats`);
      const asked = started;
      const runtime = await asked();
      try {
        runtime.at(image.input).set(input);
        runtime.run();
        return { logits: runtime.at(image.logits).slice(), embedding: runtime.at(image.embedding).slice() };
      } catch (error) {
        // Another waiting request may have started one already.
        if (started === asked) started = once(start);
        throw error;
      }
    },
  };
}

/** The runtime of this Worker's module. */
export async function startRuntime(): Promise<Runtime> {
  return createRuntime(module, image);
}
