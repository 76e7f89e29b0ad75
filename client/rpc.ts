/**
 * What the Worker offers over a service binding: no HTTP, no key. Failures come back as values to switch on,
 * because error classes do not survive RPC.
 *
 * @example
 * import type { Rpc } from 'mobilenet-edge/rpc';
 *
 * interface Env {
 *   readonly CLASSIFIER: Rpc & Pick<Fetcher, 'fetch'>;
 * }
 */
import type { Classification, Embedding, ProblemCode } from './answers.ts';
import type { ClassifyOptions, EmbedOptions } from './options.ts';

/** A picture as a caller may have it. A Request or Response is taken for its body. */
export type RpcImage = ArrayBuffer | Uint8Array | ReadableStream<Uint8Array> | Request | Response;

export interface RpcError {
  readonly code: ProblemCode;
  /** For people: what was wrong, what the limit is and what to do. */
  readonly detail: string;
  /** The status that the same failure has over HTTP. */
  readonly status: number;
}

export type RpcResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: RpcError };

/** The methods never throw for what a caller sends. */
export interface Rpc {
  classify(image: RpcImage, options?: ClassifyOptions): Promise<RpcResult<Classification>>;
  embed(image: RpcImage, options?: EmbedOptions): Promise<RpcResult<Embedding>>;
  /** One result or one error each, in order; the pictures are decoded one at a time. */
  batch(
    images: readonly RpcImage[],
    options?: ClassifyOptions,
  ): Promise<RpcResult<RpcResult<Classification>[]>>;
  /** The feature vector of each, in the same way. */
  embedBatch(images: readonly RpcImage[], options?: EmbedOptions): Promise<RpcResult<RpcResult<Embedding>[]>>;
}
