/**
 * The Worker, with the memory that it has taken in a header of every answer: `x-memory`, as JSON.
 */
// biome-ignore assist/source/organizeImports: it replaces the globals before anything else runs.
import { madeBytes, startCounting } from './buffers.ts';

import { createClassifier } from '../../src/classifier.ts';
import { createApp } from '../../src/http/app.ts';
import { createDecoder } from '../../src/image/decode.ts';
import { createNetwork } from '../../src/inference/network.ts';
import { runtimeMemoryBytes } from '../../src/inference/runtime.ts';
import { readSettings } from '../../src/settings.ts';
import type { MemoryTaken } from './taken.ts';

// wrangler does not start an entry point that lacks a class with a binding.
export { Collection } from '../../src/collections/collection.ts';
export { JobDirectory } from '../../src/jobs/directory.ts';
export { Job } from '../../src/jobs/job.ts';

const decoder = createDecoder();
const network = createNetwork();
let app: ReturnType<typeof createApp> | undefined;
/** Allocated once and kept: the saved state of magick's memory. Counted when it is loaded. */
let keptBytes = 0;

export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    app ??= createApp(readSettings(env), createClassifier(decoder, network));
    await network.warm();
    const hadMagick = decoder.stats().magickBytes > 0;
    startCounting();
    const answer = await app.fetch(request, env, context);
    const made = madeBytes();
    const { photon, jpegBytes, magickBytes } = decoder.stats();
    if (!hadMagick && magickBytes > 0) keptBytes = KEPT_BYTES;
    const taken: MemoryTaken = {
      runtime: runtimeMemoryBytes(),
      photon: photon.memoryBytes,
      jpeg: jpegBytes,
      magick: magickBytes,
      js: NETWORK_DATA_BYTES + (hadMagick ? keptBytes : 0) + made,
    };
    const response = new Response(answer.body, answer);
    response.headers.set('x-memory', JSON.stringify(taken));
    return response;
  },
};

/** What V8 keeps of the network's module: 3.0 MiB, of which its data, with the weights, are 2.8. */
const NETWORK_DATA_BYTES = 3 * 2 ** 20;
/** The saved pieces in `magick-instance.ts`: 3.3 MiB measured. */
const KEPT_BYTES = 4 * 2 ** 20;
