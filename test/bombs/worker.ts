/**
 * The Worker, with the size of its wasm memories in a header of every answer: `x-memory`, as JSON.
 */
import { createClassifier } from '../../src/classifier.ts';
import { createApp } from '../../src/http/app.ts';
import { createDecoder } from '../../src/image/decode.ts';
import { createNetwork } from '../../src/inference/network.ts';
import { runtimeMemoryBytes } from '../../src/inference/runtime.ts';
import { readSettings } from '../../src/settings.ts';
import type { WasmBytes } from './wasm-bytes.ts';

const decoder = createDecoder();
const network = createNetwork();
let app: ReturnType<typeof createApp> | undefined;

export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    app ??= createApp(readSettings(env), createClassifier(decoder, network));
    const answer = await app.fetch(request, env, context);
    const { photon, jpegBytes, magickBytes } = decoder.stats();
    const bytes: WasmBytes = {
      runtime: runtimeMemoryBytes(),
      photon: photon.memoryBytes,
      jpeg: jpegBytes,
      magick: magickBytes,
    };
    const response = new Response(answer.body, answer);
    response.headers.set('x-memory', JSON.stringify(bytes));
    return response;
  },
};
