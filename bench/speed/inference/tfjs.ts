import { fileURLToPath } from 'node:url';
import { actAsWorker } from './browser.ts';
import type { Loaded } from './loaded.ts';

/** The package's client without its types, which require all of TensorFlow.js. */
interface TfWeb {
  readonly tflite_web_api: { setWasmPath(folder: string): void };
  readonly TFLiteWebModelRunner: {
    create(model: ArrayBuffer, options: { numThreads: number }): Promise<Runner>;
  };
}

interface Runner {
  getInputs(): readonly { data(): Float32Array }[];
  getOutputs(): readonly { data(): Float32Array }[];
  infer(): boolean;
}

/** @param nhwc RGB in [0, 1]. */
export async function loadTfjs(nhwc: Float32Array, file: Uint8Array): Promise<Loaded> {
  const folder = fileURLToPath(new URL('../wasm/', import.meta.resolve('@tensorflow/tfjs-tflite')));
  actAsWorker(folder);
  const scope = globalThis as unknown as { importScripts(url: string): void; tfweb: TfWeb };
  scope.importScripts(`${folder}tflite_web_api_client.js`);
  scope.tfweb.tflite_web_api.setWasmPath(folder);
  const model = Uint8Array.from(file).buffer;
  const runner = await scope.tfweb.TFLiteWebModelRunner.create(model, { numThreads: 1 });
  return {
    async run() {
      runner.getInputs()[0]?.data().set(nhwc);
      runner.infer();
      const logits = runner.getOutputs()[0]?.data();
      if (logits === undefined) throw new Error('tfjs-tflite: there is no output');
      return logits.slice();
    },
  };
}
