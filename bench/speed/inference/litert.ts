import { fileURLToPath } from 'node:url';
import { actAsWorker } from './browser.ts';
import type { Loaded } from './loaded.ts';

/** @param nhwc RGB in [0, 1]. */
export async function loadLiteRt(nhwc: Float32Array, file: Uint8Array): Promise<Loaded> {
  const folder = fileURLToPath(new URL('../wasm/', import.meta.resolve('@litertjs/core')));
  actAsWorker(folder);
  Object.assign(globalThis, { Module: { locateFile: (name: string) => folder + name } });
  const { loadAndCompile, loadLiteRt: start, Tensor } = await import('@litertjs/core');
  await start(folder);
  const model = await loadAndCompile(file, { accelerator: 'wasm' });
  return {
    async run() {
      const input = new Tensor(nhwc, [1, 224, 224, 3]);
      const outputs = await model.run(input);
      const logits = outputs[0]?.toTypedArray();
      input.delete();
      for (const output of outputs) output.delete();
      if (!(logits instanceof Float32Array)) throw new Error('LiteRT: the first output is no float32');
      return logits;
    },
  };
}
