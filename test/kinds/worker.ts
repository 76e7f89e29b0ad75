/**
 * The Worker with a further route: `POST /input` answers the network's input of a picture, float32 [1, 3, 224, 224] in
 * [−1, 1], by the ways in their order or, with `?way=`, by one alone. Headers say what the picture is and which ways
 * there are.
 */
import { createClassifier } from '../../src/classifier.ts';
import { createApp } from '../../src/http/app.ts';
import { createDecoder } from '../../src/image/decode.ts';
import { planFor, prepare } from '../../src/image/prepare.ts';
import { sniff } from '../../src/image/sniff.ts';
import { WAYS } from '../../src/image/ways/table.ts';
import type { Way } from '../../src/image/ways/way.ts';
import { createNetwork } from '../../src/inference/network.ts';
import { problemDetails } from '../../src/problem-details.ts';
import { readSettings } from '../../src/settings.ts';
import { propertiesOf } from './properties.ts';

// wrangler does not start an entry point that lacks a class with a binding.
export { Collection } from '../../src/collections/collection.ts';
export { JobDirectory } from '../../src/jobs/directory.ts';
export { Job } from '../../src/jobs/job.ts';

const decoder = createDecoder();
const network = createNetwork();
let app: ReturnType<typeof createApp> | undefined;

export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/ways') return Response.json([...new Set(WAYS.map(({ decoder: name }) => name))]);
    if (pathname === '/input') {
      return input(new Uint8Array(await request.arrayBuffer()), searchParams.get('way') ?? undefined);
    }
    app ??= createApp(readSettings(env), createClassifier(decoder, network));
    return app.fetch(request, env, context);
  },
};

async function input(bytes: Uint8Array, only: string | undefined): Promise<Response> {
  const headers = { 'x-picture': JSON.stringify(pictureOf(bytes) ?? null) };
  const plan = planFor(bytes);
  const ways = plan.ok ? plan.value.ways.filter((way) => nameOf(way) === (only ?? nameOf(way))) : [];
  if (plan.ok && ways.length === 0) return Response.json({ detail: 'no such way' }, { status: 404, headers });
  const prepared = plan.ok ? await prepare({ ...plan.value, ways }, decoder) : plan;
  if (!prepared.ok) {
    const problem = problemDetails(prepared.failure, 'none');
    return Response.json(problem, { status: problem.status, headers });
  }
  const { facts, decoder: way, input: floats } = prepared.value;
  const names = plan.ok ? plan.value.ways.map(nameOf) : [];
  return new Response(Uint8Array.from(new Uint8Array(floats.buffer)), {
    headers: {
      ...headers,
      'x-way': way,
      'x-ways': JSON.stringify([...new Set(names)]),
      'x-image': JSON.stringify(facts),
    },
  });
}

/**
 * The facts of its header, and the decoders that claim to read such a picture, whether they have memory for it or not.
 */
function pictureOf(bytes: Uint8Array) {
  const sniffed = sniff(bytes);
  if (sniffed.kind !== 'picture') return undefined;
  const { header } = sniffed;
  const claims = WAYS.filter((way) => way.reads(header)).map(({ decoder: name }) => name);
  return { properties: propertiesOf(header), claims: [...new Set(claims)] };
}

/** The decoder used in the end, if the way leads to a file within the file. */
function nameOf(way: Way): string {
  return way.decoder === 'inner' ? way.way.decoder : way.decoder;
}
