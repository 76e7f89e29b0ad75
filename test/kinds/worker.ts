/**
 * The Worker as it is, and beside its routes what they make on the way: `POST /input` answers the network's input
 * of a picture, float32 [1, 3, 224, 224] in [−1, 1], and in headers what decoded it and what its header says.
 */
import { createClassifier } from '../../src/classifier.ts';
import { createApp } from '../../src/http/app.ts';
import { problemDetails } from '../../src/http/problem.ts';
import { createDecoder } from '../../src/image/decode.ts';
import { planFor, prepare } from '../../src/image/prepare.ts';
import { createNetwork } from '../../src/inference/network.ts';
import { readSettings } from '../../src/settings.ts';

const decoder = createDecoder();
const network = createNetwork();
let app: ReturnType<typeof createApp> | undefined;

export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    if (new URL(request.url).pathname === '/input') return input(new Uint8Array(await request.arrayBuffer()));
    app ??= createApp(readSettings(env), createClassifier(decoder, network));
    return app.fetch(request, env, context);
  },
};

async function input(bytes: Uint8Array): Promise<Response> {
  const plan = planFor(bytes);
  const prepared = plan.ok ? await prepare(plan.value, decoder) : plan;
  if (!prepared.ok) {
    const problem = problemDetails(prepared.failure, 'none');
    return Response.json(problem, { status: problem.status });
  }
  const { input, facts, decoder: way } = prepared.value;
  return new Response(Uint8Array.from(new Uint8Array(input.buffer)), {
    headers: { 'x-way': way, 'x-image': JSON.stringify(facts) },
  });
}
