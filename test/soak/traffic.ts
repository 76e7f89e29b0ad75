/**
 * What callers send, valid and invalid, over several routes. A request is data and can be repeated.
 */
import type { Seed } from '../fuzz/seeds.ts';

export interface Call {
  readonly name: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A body that can be sent any number of times. */
  body(): BodyInit;
  /** The expected status, and texts that the answer must contain: the labels of its pictures. */
  readonly status: number;
  readonly labels: readonly string[];
}

type Body = string | Uint8Array<ArrayBuffer> | (() => FormData);

const JSON_TYPE = { 'content-type': 'application/json' };
const BATCH = 4;
/** Each route gets every nth seed, so that together they get all and no route gets one format only. */
const EVERY = 3;

/** @param seeds valid files. */
export function trafficOf(seeds: readonly Seed[]): readonly Call[] {
  const nth = (first: number) => seeds.filter((_, i) => i % EVERY === first % EVERY);
  return [
    ...seeds.map((seed) => good('raw', seed, '/v1/classify', copyOf(seed))),
    ...nth(0).map((seed) => good('form', seed, '/v1/classify', () => formOf([seed.bytes]))),
    ...nth(1).map((seed) => good('JSON', seed, '/v1/classify', JSON.stringify({ image: base64(seed) }))),
    ...nth(2).map((seed) => good('Hugging Face', seed, '/hf', copyOf(seed))),
    ...nth(0).map((seed) =>
      good('TF Serving', seed, TF_SERVING, JSON.stringify({ examples: [{ image: { b64: base64(seed) } }] })),
    ),
    ...batches(seeds),
    ...bad(seeds),
  ];
}

const TF_SERVING = '/tf/v1/models/mobilenet_v3_small_100_224:classify';

function good(route: string, { name, label }: Seed, path: string, body: Body): Call {
  return call(`${route} ${name}`, path, body, 200, [label]);
}

/** Batches of four pictures; every third has one that cannot be read, which fails alone. */
function batches(seeds: readonly Seed[]): readonly Call[] {
  const groups = Array.from({ length: Math.floor(seeds.length / BATCH) }, (_, i) =>
    seeds.slice(i * BATCH, (i + 1) * BATCH),
  );
  return groups.map((group, i) => {
    const labels = group.map(({ label }) => label);
    const files = group.map(({ bytes }) => bytes);
    const broken = i % 3 === 0 ? [cut(files[0] ?? new Uint8Array())] : [];
    const all = [...files, ...broken];
    if (i % 2 === 0) return call(`batch ${i}`, '/v1/batch', () => formOf(all), 200, labels);
    const images = all.map((bytes) => Buffer.from(bytes).toString('base64'));
    const lines = { accept: 'application/x-ndjson', ...JSON_TYPE };
    return call(`NDJSON batch ${i}`, '/v1/batch', JSON.stringify({ images }), 200, labels, lines);
  });
}

function bad(seeds: readonly Seed[]): readonly Call[] {
  const broken = seeds.filter(({ name }) =>
    /^(?:jpeg-420|png-rgb8|gif|bmp-24|tiff-lzw|avif|ico-png)$/.test(name),
  );
  const text = new TextEncoder().encode('no picture');
  return [
    ...broken.map(({ name, bytes }) => call(`cut ${name}`, '/v1/classify', cut(bytes), 422)),
    ...broken.map(({ name, bytes }) => call(`cut ${name} by Hugging Face`, '/hf', cut(bytes), 422)),
    call('a text', '/v1/classify', text, 415),
    call('a text by Hugging Face', '/hf', text, 415),
    call('half a JSON', '/v1/classify', '{"image": "', 400),
    call('base64 that is none', '/v1/classify', '{"image": "*"}', 400),
    call('an empty batch', '/v1/batch', '{"images": []}', 400),
    call('a wrong option', '/v1/classify?top_k=0', text, 400),
    call('an unknown model', '/hf/models/resnet', text, 404),
  ];
}

function call(
  name: string,
  path: string,
  body: Body,
  status: number,
  labels: readonly string[] = [],
  headers: Readonly<Record<string, string>> = typeof body === 'string' ? JSON_TYPE : {},
): Call {
  return { name, path, headers, status, labels, body: typeof body === 'function' ? body : () => body };
}

/** Two thirds of the file: headers are complete, and pixels are missing. */
function cut(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes.subarray(0, Math.floor((bytes.length * 2) / 3)));
}

function copyOf({ bytes }: Seed): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes);
}

function base64({ bytes }: Seed): string {
  return Buffer.from(bytes).toString('base64');
}

function formOf(files: readonly Uint8Array[]): FormData {
  const form = new FormData();
  for (const file of files) form.append('image', new Blob([Uint8Array.from(file)]), 'picture');
  return form;
}
