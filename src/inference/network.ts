/**
 * The network: one session per isolate, made by whoever comes first.
 *
 * What the graph takes and gives (NCHW, [−1, 1], batch 1) is private to this room; the public tensor
 * contract is in the model card.
 */
import graph from '../../model/mobilenet_v3_small.onnx';
import { once } from './once.ts';
import { createSession, floatTensor, type OrtSession } from './runtime.ts';
import { expandWeights, WEIGHTS_FILE } from './weights.ts';

const INPUT_SHAPE = [1, 3, 224, 224] as const;

export interface NetworkOutput {
  /** 1001 floats, unnormalised; output 0 is background. */
  readonly logits: Float32Array;
  /** 1024 floats: the hard-swish output that the last layer turns into logits. */
  readonly embedding: Float32Array;
}

export interface Network {
  /** Makes the session unless it is there. @throws when it cannot be made; the next call tries again. */
  warm(): Promise<void>;
  /**
   * Runs the network once.
   *
   * @param input NCHW float32 [1, 3, 224, 224], RGB in [−1, 1].
   * @throws when the session cannot be made or does not run: never because of what the input holds.
   */
  run(input: Float32Array): Promise<NetworkOutput>;
}

/** @param makeSession where a test can make session creation fail. */
export function createNetwork(makeSession: () => Promise<OrtSession> = loadSession): Network {
  const session = once(makeSession);
  return {
    async warm() {
      await session();
    },
    async run(input) {
      const outputs = await (await session()).run({ input: floatTensor(input, INPUT_SHAPE) });
      return { logits: floats(outputs.logits?.data), embedding: floats(outputs.embedding?.data) };
    },
  };
}

/**
 * Loads the graph with its weights as an external file.
 *
 * The graph was optimised offline and prepacking is off, because the runtime's memory never shrinks: the
 * peak is made here, and without both it is 20 MiB higher at the same speed (`model/README.md`).
 */
export function loadSession(): Promise<OrtSession> {
  return createSession(new Uint8Array(graph), {
    graphOptimizationLevel: 'disabled',
    externalData: [{ path: WEIGHTS_FILE, data: expandWeights() }],
    extra: { session: { disable_prepacking: '1' } },
  });
}

function floats(data: unknown): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new Error('the graph does not have the outputs logits and embedding as float32');
}
