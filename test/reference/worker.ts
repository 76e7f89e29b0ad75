/** A Worker's results for a picture: its answer, the network's input if it reports it, and embeddings of inputs. */
import assert from 'node:assert/strict';
import { SIDE } from '../../bench/accuracy/resize.ts';

const PLANE = SIDE * SIDE;
const MODEL = 'mobilenet_v3_small_100_224';
const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

export interface Facts {
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
  readonly animated?: boolean;
  readonly preview?: boolean;
}

export interface Refusal {
  readonly ok: false;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

export type Answer<T> = ({ readonly ok: true } & T) | Refusal;

/** `/v1/embed`, as a caller uses it. */
export async function embed(
  url: string,
  file: Uint8Array,
): Promise<Answer<{ image: Facts; embedding: Float32Array }>> {
  const response = await post(`${url}/v1/embed`, file);
  if (response.status !== 200) return refusal(response);
  // As the OpenAPI document defines it.
  const body = (await response.json()) as { image: Facts; embedding: number[] };
  return { ok: true, image: body.image, embedding: Float32Array.from(body.embedding) };
}

/** What `test/kinds/worker.ts` reports of a file, answered or refused. */
export interface Told {
  /** From its header; undefined if there is none that can be read. */
  readonly picture: Picture | undefined;
}

interface Picture {
  readonly properties: Readonly<Record<string, string>>;
  /** The ways that read such a picture, whether they have memory for it or not. */
  readonly claims: readonly string[];
}

export interface Input {
  readonly image: Facts;
  /** The way that was used, and all that have memory. */
  readonly way: string;
  readonly ways: readonly string[];
  /** 3 planes of 224×224 in [−1, 1]. */
  readonly input: Float32Array;
}

/**
 * The network's input, as `test/kinds/worker.ts` answers it.
 *
 * @param way one of those that have memory, to be used alone; without it all in order.
 */
export async function inputOf(url: string, file: Uint8Array, way?: string): Promise<Answer<Input> & Told> {
  const response = await post(`${url}/input${way === undefined ? '' : `?way=${way}`}`, file);
  // As the Worker of the matrix writes it; null if it could not read a header.
  const picture = (JSON.parse(response.headers.get('x-picture') ?? 'null') as Picture | null) ?? undefined;
  if (response.status !== 200) return { picture, ...(await refusal(response)) };
  const { headers } = response;
  return {
    picture,
    ok: true,
    image: JSON.parse(headers.get('x-image') ?? ''),
    way: headers.get('x-way') ?? '',
    ways: JSON.parse(headers.get('x-ways') ?? ''),
    input: new Float32Array(await response.arrayBuffer()),
  };
}

/** @param input 3 planes of 224×224 in [−1, 1]. @returns the 1024 numbers of its embedding. */
export async function embeddingOf(url: string, input: Float32Array): Promise<Float32Array> {
  const tensor = new Float32Array(input.length);
  for (let pixel = 0; pixel < PLANE; pixel++) {
    for (let c = 0; c < 3; c++) tensor[pixel * 3 + c] = ((input[c * PLANE + pixel] ?? 0) + 1) / 2;
  }
  const json = JSON.stringify({
    inputs: [
      {
        name: 'inputs',
        shape: [1, SIDE, SIDE, 3],
        datatype: 'FP32',
        parameters: { binary_data_size: tensor.byteLength },
      },
    ],
    outputs: [{ name: 'embedding', parameters: { binary_data: true } }],
  });
  const head = new TextEncoder().encode(json);
  const body = new Uint8Array(head.length + tensor.byteLength);
  body.set(head);
  body.set(new Uint8Array(tensor.buffer), head.length);
  const response = await fetch(`${url}/v2/models/${MODEL}/infer`, {
    method: 'POST',
    headers: { 'inference-header-content-length': String(head.length) },
    body,
  });
  if (response.status !== 200) assert.fail(await response.text());
  const skip = Number(response.headers.get('inference-header-content-length'));
  const bytes = (await response.arrayBuffer()).slice(skip);
  return new Float32Array(bytes, 0, bytes.byteLength / FLOAT_BYTES);
}

/** Cosine of the angle between two embeddings: 1 for equal ones, 0 for pictures with nothing in common. */
export function cosine(one: Float32Array, other: Float32Array): number {
  let [product, square, otherSquare] = [0, 0, 0];
  for (const [i, a] of one.entries()) {
    const b = other[i] ?? 0;
    product += a * b;
    square += a * a;
    otherSquare += b * b;
  }
  return product / Math.sqrt(square * otherSquare);
}

/** Mean difference of two inputs, in levels of 255. */
export function apart(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (const [i, value] of one.entries()) sum += Math.abs(value - (other[i] ?? 0));
  return (sum / one.length) * 127.5;
}

function post(url: string, file: Uint8Array): Promise<Response> {
  return fetch(url, { method: 'POST', body: Uint8Array.from(file) });
}

async function refusal(response: Response): Promise<Refusal> {
  const text = await response.text();
  try {
    const { code, detail } = JSON.parse(text) as { code?: string; detail?: string };
    return { ok: false, status: response.status, code: code ?? 'none', detail: detail ?? text };
  } catch {
    return { ok: false, status: response.status, code: 'none', detail: text.slice(0, 200) };
  }
}
