/**
 * The parts of our Worker, each alone and as often as requested, so that its CPU time can be read from outside: a
 * Worker's clock has steps of a millisecond and keeps running while other processes have the processor.
 *
 * `POST /bench/PART?times=N` with a picture, and `/bench/collections/PART` and `/bench/objects/PART` with JSON. All
 * other paths are our Worker's own, with its decoder and network.
 */
import { type Classifier, createClassifier } from '../../../src/classifier.ts';
import { ok } from '../../../src/failure.ts';
import { createApp } from '../../../src/http/app.ts';
import { createDecoder } from '../../../src/image/decode.ts';
import { planFor, prepare } from '../../../src/image/prepare.ts';
import { toInput } from '../../../src/image/resample/resample.ts';
import { sniff } from '../../../src/image/sniff.ts';
import { waysFor } from '../../../src/image/ways/ways-for.ts';
import { createNetwork } from '../../../src/inference/network.ts';
import { runtimeMemoryBytes } from '../../../src/inference/runtime.ts';
import { LOGIT_COUNT } from '../../../src/inference/softmax.ts';
import { readSettings } from '../../../src/settings.ts';
import { type MeasuredCollection, objectsPart } from './collection-objects.ts';
import { COLLECTION_PARTS, type CollectionQuestion, kernelBytes } from './collections.ts';
import type { Memories } from './memories.ts';

type PartsEnv = Omit<Env, 'COLLECTIONS'> & {
  readonly COLLECTIONS: DurableObjectNamespace<MeasuredCollection>;
  /** "true": nothing is decoded and the network is not run, so that a request costs only everything else. */
  readonly WITHOUT_PARTS?: string;
};

const decoder = createDecoder();
const network = createNetwork();
const LOGITS = Float32Array.from({ length: LOGIT_COUNT }, (_, i) => 3 * Math.sin(i));
const PICTURE = Float32Array.from({ length: 3 * 224 * 224 }, (_, i) => Math.sin(i / 100));

const PARTS: Readonly<Record<string, (file: Uint8Array, times: number) => unknown>> = {
  /** workerd's own cost of receiving a body and sending an answer. */
  nothing: () => undefined,
  network: () => network.warm(),
  sniff: (file, times) => repeat(times, () => headerAndWay(file)),
  decode: (file, times) => decode(file, times, 0),
  /** For a picture that was decoded once. */
  resize: (file, times) => decode(file, 1, times),
  prepare: (file, times) => repeat(times, () => prepareWhole(file)),
  inference: (_, times) => repeat(times, () => network.run(PICTURE)),
};

/** The Worker's own object, with a method that returns the size of its database. */
export { MeasuredCollection as Collection } from './collection-objects.ts';

let app: ReturnType<typeof createApp> | undefined;

export default {
  async fetch(request: Request, env: PartsEnv, ctx: ExecutionContext): Promise<Response> {
    // Before the URL is parsed: our Worker does that itself, and it would count twice.
    if (!request.url.includes('/bench/')) {
      app ??= createApp(readSettings(env), classifierFor(env));
      return app.fetch(request, env, ctx);
    }
    const { pathname, searchParams } = new URL(request.url);
    if (pathname.startsWith('/bench/objects/'))
      return objectsPart(request, env.COLLECTIONS, pathname.slice('/bench/objects/'.length));
    if (pathname.startsWith('/bench/collections/')) return collectionPart(request, pathname, searchParams);
    const part = PARTS[pathname.slice('/bench/'.length)];
    if (part !== undefined) {
      await part(new Uint8Array(await request.arrayBuffer()), Number(searchParams.get('times') ?? 1));
    }
    const { photon, jpegBytes, magickBytes } = decoder.stats();
    const memories = {
      runtimeBytes: runtimeMemoryBytes(),
      photonBytes: photon.memoryBytes,
      jpegBytes,
      magickBytes,
    };
    return Response.json(memories satisfies Memories);
  },
};

async function collectionPart(request: Request, pathname: string, parameters: URLSearchParams) {
  const part = COLLECTION_PARTS[pathname.slice('/bench/collections/'.length)];
  if (part === undefined) return new Response(null, { status: 404 });
  const facts = part((await request.json()) as CollectionQuestion, Number(parameters.get('times') ?? 1));
  return Response.json({ ...facts, kernelBytes: kernelBytes() });
}

function classifierFor({ WITHOUT_PARTS }: PartsEnv): Classifier {
  return WITHOUT_PARTS === 'true' ? withoutParts : createClassifier(decoder, network);
}

/** A classifier that has seen its picture: it reads the header and chooses the decoder, and nothing more. */
const withoutParts: Classifier = {
  warm: async () => undefined,
  infer: network.run,
  async see(bytes) {
    const { header } = headerAndWay(bytes);
    const { format, width, height, orientation } = header;
    const fingerprint = new Uint8Array(8);
    return ok({
      logits: LOGITS,
      embedding: LOGITS,
      fingerprint,
      image: { format, width, height, orientation },
    });
  },
};

async function repeat(times: number, run: () => unknown): Promise<void> {
  for (let i = 0; i < times; i++) await run();
}

async function decode(file: Uint8Array, times: number, resizes: number): Promise<void> {
  const { header, way } = headerAndWay(file);
  await repeat(times, () =>
    decoder.decode(file, header, way, (pixels) => {
      for (let i = 0; i < resizes; i++) toInput(pixels, header.orientation);
    }),
  );
}

function prepareWhole(file: Uint8Array) {
  const plan = planFor(file);
  if (!plan.ok) throw new Error(plan.failure.code);
  return prepare(plan.value, decoder);
}

function headerAndWay(file: Uint8Array) {
  const sniffed = sniff(file);
  if (sniffed.kind !== 'picture') throw new Error('not a picture');
  const ways = waysFor(file, sniffed.header);
  const [way] = ways.ok ? ways.value : [];
  if (way === undefined) throw new Error('no way to decode it');
  return { header: sniffed.header, way };
}
