/**
 * The HTTP API for TypeScript and JavaScript: any runtime with fetch, and nothing to install beside it.
 *
 * @example
 * import { createClient, ProblemError } from 'mobilenet-edge/client';
 *
 * const client = createClient({ url: 'https://classifier.example.com', key: process.env.KEY });
 * const { predictions } = await client.classify(await readFile('photo.jpg'), { top_k: 3 });
 */
import type {
  BatchLine,
  Classification,
  Embedding,
  Group,
  ImageFacts,
  Label,
  ModelFacts,
  Problem,
} from './answers.ts';
import type { Limits, ModelCard } from './facts.ts';
import { jsonLines } from './lines.ts';
import type { ClassifyOptions, EmbedOptions } from './options.ts';
import { batchRequest, type Picture, pictureRequest } from './picture.ts';
import { type CallOptions, type ClientOptions, sender } from './request.ts';

export type { Classification, Group, Label, Prediction, Problem, ProblemCode, Tag } from './answers.ts';
export type { Limits, ModelCard } from './facts.ts';
export type { ClassifyOptions } from './options.ts';
export type { Picture } from './picture.ts';
export { ProblemError } from './problem.ts';
export type { CallOptions, ClientOptions } from './request.ts';

/** The feature vector of a picture. */
export interface Vector {
  /** 1024 numbers. */
  readonly embedding: Float32Array;
  readonly image: ImageFacts;
  readonly model: ModelFacts;
}

/** What became of one picture of a batch. */
export type BatchItem =
  | { readonly ok: true; readonly index: number; readonly result: Classification }
  | { readonly ok: false; readonly index: number; readonly problem: Problem };

/** Every method throws a ProblemError when the service refuses, and what fetch throws when it is not reached. */
export interface Client {
  /** What is in a picture. */
  classify(picture: Picture, options?: ClassifyOptions, call?: CallOptions): Promise<Classification>;
  /** The feature vector of a picture, of length 1 with `normalize`. */
  embed(picture: Picture, options?: Pick<EmbedOptions, 'normalize'>, call?: CallOptions): Promise<Vector>;
  /** What is in each of many pictures, in order and as soon as it is known. One that cannot be read fails alone. */
  batch(pictures: Iterable<Picture>, options?: ClassifyOptions, call?: CallOptions): AsyncIterable<BatchItem>;
  /** The 1000 classes, in the order of their index. */
  labels(call?: CallOptions): Promise<readonly Label[]>;
  /** The groups of the classes, each behind the group above it. */
  groups(call?: CallOptions): Promise<readonly Group[]>;
  /** Every limit in force. */
  limits(call?: CallOptions): Promise<Limits>;
  /** What the network is. */
  model(call?: CallOptions): Promise<ModelCard>;
}

export function createClient(options: ClientOptions): Client {
  const send = sender(options);

  async function get<T>(path: string, call: CallOptions): Promise<T> {
    return (await send(path, call)).json();
  }

  async function post<T>(
    route: string,
    picture: Picture,
    asked: ClassifyOptions & EmbedOptions,
    call: CallOptions,
  ): Promise<T> {
    const { path, init } = pictureRequest(route, picture, asked);
    return (await send(path, { ...init, ...call })).json();
  }

  return {
    classify: (picture, asked = {}, call = {}) => post('v1/classify', picture, asked, call),

    async embed(picture, { normalize = false } = {}, call = {}) {
      // A third of the bytes that the numbers would be.
      const asked = { normalize, encoding_format: 'base64' } as const;
      const answer = await post<Embedding>('v1/embed', picture, asked, call);
      return { ...answer, embedding: floats(String(answer.embedding)) };
    },

    async *batch(pictures, asked = {}, call = {}) {
      const { path, init } = await batchRequest(pictures, asked);
      const headers = { ...init.headers, accept: 'application/x-ndjson' };
      const { body } = await send(path, { ...init, headers, ...call });
      if (body === null) return;
      // The service's own answer: its types are held equal to its schemas.
      for await (const line of jsonLines(body)) yield itemOf(line as BatchLine);
    },

    labels: (call = {}) => get('v1/labels', call),
    groups: (call = {}) => get('v1/groups', call),
    limits: (call = {}) => get('v1/limits', call),
    model: (call = {}) => get('v1/model', call),
  };
}

function itemOf(line: BatchLine): BatchItem {
  return 'result' in line
    ? { ok: true, index: line.index, result: line.result }
    : { ok: false, index: line.index, problem: line.error };
}

/** The base64 of little-endian float32, on machines of either order. */
function floats(base64: string): Float32Array {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(i * 4, true));
}
