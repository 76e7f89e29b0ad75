/** The networks that are timed, each with its loader. A separate process loads each. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT } from '../../../scripts/toolchain.mjs';
import type { Loaded } from './loaded.ts';

export interface Peer {
  readonly id: string;
  readonly name: string;
  /** File below build/peers that it needs; ours needs none. */
  readonly file?: string;
  /** @param nchw RGB in [−1, 1]. */
  load(nchw: Float32Array, file: Uint8Array): Promise<Loaded>;
}

export const PEERS_FOLDER = path.join(PROJECT, 'build', 'peers');

const NCHW = [1, 3, 224, 224] as const;

export const PEERS: readonly Peer[] = [
  {
    id: 'float',
    name: 'plain float32 graph, onnxruntime-web',
    file: 'float.onnx',
    load: loadOnnxWeb,
  },
  {
    id: 'ours',
    name: 'ours, as it ships',
    async load(nchw) {
      const { createNetwork } = await import('../../../src/inference/network.ts');
      const network = createNetwork();
      await network.warm();
      return { run: async () => (await network.run(nchw)).logits };
    },
  },
  {
    id: 'int8',
    name: 'full int8 graph (QDQ), onnxruntime-web',
    file: 'int8.onnx',
    load: loadOnnxWeb,
  },
  {
    id: 'litert',
    name: 'LiteRT, XNNPACK wasm with relaxed SIMD',
    file: 'float.tflite',
    load: async (nchw, file) => (await import('./litert.ts')).loadLiteRt(toNhwc(nchw), file),
  },
  {
    id: 'tfjs',
    name: "TensorFlow.js' TFLite, XNNPACK wasm",
    file: 'float.tflite',
    load: async (nchw, file) => (await import('./tfjs.ts')).loadTfjs(toNhwc(nchw), file),
  },
  {
    id: 'native',
    name: 'native ONNX Runtime, plain float32: the limit',
    file: 'float.onnx',
    async load(nchw, file) {
      const ort = await import('onnxruntime-node');
      const session = await ort.InferenceSession.create(file, {
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        executionMode: 'sequential',
      });
      const input = new ort.Tensor('float32', nchw, NCHW);
      return { run: async () => floats((await session.run({ input })).logits?.data) };
    },
  },
];

export function peerFile({ file }: Peer): Uint8Array {
  return file === undefined ? new Uint8Array() : readFileSync(path.join(PEERS_FOLDER, file));
}

async function loadOnnxWeb(nchw: Float32Array, file: Uint8Array): Promise<Loaded> {
  const { createSession, floatTensor } = await import('../../onnxruntime-web.ts');
  const session = await createSession(file, {});
  return { run: async () => floats((await session.run({ input: floatTensor(nchw, NCHW) })).logits?.data) };
}

/** The input of the published network: rows, columns, RGB in [0, 1]. */
function toNhwc(nchw: Float32Array): Float32Array {
  const plane = nchw.length / 3;
  return Float32Array.from(nchw, (_, i) => ((nchw[(i % 3) * plane + Math.floor(i / 3)] ?? 0) + 1) / 2);
}

function floats(data: unknown): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new Error('the network has no float32 output called logits');
}
