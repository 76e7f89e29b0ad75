/**
 * A client of the HTTP API in TypeScript, for any runtime with fetch, without dependencies.
 *
 * @example
 * import { createClient, ProblemError } from 'mobilenet-edge/client';
 *
 * const client = createClient({ url: 'https://classifier.example.com', key: process.env.KEY });
 * const { predictions } = await client.classify(await readFile('photo.jpg'), { top_k: 3 });
 */

import type { Outcome } from './answered.ts';
import type { Classification, Embedding, Group, ImageFacts, Label, ModelFacts } from './answers.ts';
import { type BatchItem, batched, type Pictures } from './batch.ts';
import { type ClientCollection, clientCollection } from './collection.ts';
import type { CollectionSummary } from './collection-answers.ts';
import type { Limits, ModelCard } from './facts.ts';
import type { ClassifyOptions, EmbedOptions } from './options.ts';
import { type Options, type Picture, pictureRequest, sendable } from './picture.ts';
import { type CallOptions, type ClientOptions, sender } from './request.ts';

export type { Classification, Group, Label, Prediction, Problem, ProblemCode, Tag } from './answers.ts';
export type { BatchItem, Pictures } from './batch.ts';
export type { ClientCollection } from './collection.ts';
export type {
  AddedItem,
  CollectionClassification,
  CollectionStatus,
  CollectionSummary,
  Copy,
  Duplicates,
  Item,
  Match,
  Matches,
} from './collection-answers.ts';
export type { Limits, ModelCard } from './facts.ts';
export type { ClassifyOptions } from './options.ts';
export type { Picture } from './picture.ts';
export { ProblemError } from './problem.ts';
export type { CallOptions, ClientOptions } from './request.ts';
export type {
  ExportedHead,
  ExportedItem,
  HeadVersion,
  ImportedHead,
  ImportedItems,
  ImportItem,
  PortableHead,
  Versions,
} from './transfer-answers.ts';

/** The feature vector of a picture. */
export interface Vector {
  /** 1024 numbers. */
  readonly embedding: Float32Array;
  readonly image: ImageFacts;
  readonly model: ModelFacts;
}

/** Every method throws a ProblemError if the service refuses, and whatever fetch throws if it is not reached. */
export interface Client {
  /** What is in a picture. */
  classify(picture: Picture, options?: ClassifyOptions, call?: CallOptions): Promise<Classification>;
  /** The feature vector of a picture, of length 1 with `normalize`. */
  embed(picture: Picture, options?: Pick<EmbedOptions, 'normalize'>, call?: CallOptions): Promise<Vector>;
  /**
   * What is in each of many pictures: one item for each, in order. A picture that cannot be read fails alone. They are
   * sent in requests as large as `/v1/limits` allows, a few at once.
   */
  batch(pictures: Pictures, options?: ClassifyOptions, call?: CallOptions): AsyncIterable<BatchItem>;
  /** The feature vector of each of many pictures. */
  embedBatch(
    pictures: Pictures,
    options?: Pick<EmbedOptions, 'normalize'>,
    call?: CallOptions,
  ): AsyncIterable<BatchItem<Vector>>;
  /** Your collections. */
  collections(call?: CallOptions): Promise<readonly CollectionSummary[]>;
  /** A collection by name: one of yours, or `owner/name` for one that is shared. Makes no request. */
  collection(name: string): ClientCollection;
  /** The 1000 classes, in the order of their index. */
  labels(call?: CallOptions): Promise<readonly Label[]>;
  /** The groups of the classes, each after its parent. */
  groups(call?: CallOptions): Promise<readonly Group[]>;
  /** Every limit in force. */
  limits(call?: CallOptions): Promise<Limits>;
  /** The facts about the network. */
  model(call?: CallOptions): Promise<ModelCard>;
}

export function createClient(options: ClientOptions): Client {
  const send = sender(options);
  const { concurrency = 3 } = options;

  function get<T>(path: string, call: CallOptions): Promise<T> {
    return send<T>(path, {}, call, (response) => response.json());
  }

  async function post<T>(route: string, picture: Picture, asked: Options, call: CallOptions): Promise<T> {
    const { path, init } = pictureRequest(route, await sendable(picture), asked);
    return send<T>(path, init, call, (response) => response.json());
  }

  /** @param made converts the service's result to the caller's. */
  async function* many<S, R>(
    route: string,
    pictures: Pictures,
    asked: Options,
    call: CallOptions,
    made: (result: S) => R,
  ): AsyncGenerator<BatchItem<R>, void, void> {
    const limits = () => get<Limits>('v1/limits', call);
    const routes = { one: `v1/${route}`, many: route === 'embed' ? 'v1/embed/batch' : 'v1/batch' };
    let index = 0;
    for await (const outcome of batched<S>({
      pictures,
      limits,
      concurrency,
      send,
      routes,
      options: asked,
      call,
    })) {
      yield itemOf(index++, outcome, made);
    }
  }

  return {
    classify: (picture, asked = {}, call = {}) => post('v1/classify', picture, asked, call),

    async embed(picture, asked = {}, call = {}) {
      return vectorOf(await post<Embedding>('v1/embed', picture, inBase64(asked), call));
    },

    batch: (pictures, asked = {}, call = {}) =>
      many<Classification, Classification>('classify', pictures, asked, call, (result) => result),

    embedBatch: (pictures, asked = {}, call = {}) => many('embed', pictures, inBase64(asked), call, vectorOf),

    async collections(call = {}) {
      const { collections } = await get<{ readonly collections: CollectionSummary[] }>(
        'v1/collections',
        call,
      );
      return collections;
    },

    collection: (name) => clientCollection(name, { send, concurrency }),

    labels: (call = {}) => get('v1/labels', call),
    groups: (call = {}) => get('v1/groups', call),
    limits: (call = {}) => get('v1/limits', call),
    model: (call = {}) => get('v1/model', call),
  };
}

function itemOf<S, R>(index: number, outcome: Outcome<S>, made: (result: S) => R): BatchItem<R> {
  return outcome.ok ? { ok: true, index, result: made(outcome.result) } : { ...outcome, index };
}

/** A third of the bytes that the numbers would take. */
function inBase64({ normalize = false }: Pick<EmbedOptions, 'normalize'>): Options {
  return { normalize, encoding_format: 'base64' };
}

function vectorOf(answer: Embedding): Vector {
  return { ...answer, embedding: floats(String(answer.embedding)) };
}

/** The base64 of little-endian float32, on machines of either order. */
function floats(base64: string): Float32Array {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(i * 4, true));
}
