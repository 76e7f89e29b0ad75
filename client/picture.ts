/** Pictures in the forms that callers have, and the requests that carry them. */
import type { ClassifyOptions, EmbedOptions } from './options.ts';
import type { CollectionOptions, SearchOptions, TeachOptions } from './rpc.ts';

/**
 * An image file: its bytes, a stream or response with them, a `data:` URL, or its URL if the service is set to fetch
 * URLs.
 */
export type Picture =
  | Uint8Array
  | ArrayBuffer
  | Blob
  | ReadableStream<Uint8Array>
  | Response
  | `data:${string}`
  | { readonly url: string };

/** A picture that can be sent repeatedly: bytes, or their representation in JSON. */
export type Sendable =
  | { readonly kind: 'bytes'; readonly bytes: Blob; readonly size: number }
  | {
      readonly kind: 'json';
      readonly json: { readonly image: string } | { readonly url: string };
      readonly size: number;
    };

export type Options = ClassifyOptions &
  EmbedOptions &
  CollectionOptions &
  SearchOptions &
  TeachOptions & { readonly collection?: string };

/** URL and options of a request. */
export interface Asked {
  readonly path: string;
  readonly init: RequestInit;
}

const WANTED =
  'A picture is the bytes of an image file (Uint8Array, ArrayBuffer, Blob, ReadableStream or Response), ' +
  'a "data:" URL of it, or { url } with its address';

/** Reads a picture to its end. @throws TypeError for anything else, saying what a picture is. */
export async function sendable(picture: Picture): Promise<Sendable> {
  // The types exclude these in TypeScript.
  const given: unknown = picture;
  if (typeof picture === 'string') {
    if (!/^\s*data:/i.test(picture)) throw new TypeError(`${WANTED}; a file's name or other text is none.`);
    return { kind: 'json', json: { image: picture }, size: picture.length };
  }
  if (picture instanceof Blob) return ofBlob(picture);
  if (picture instanceof ArrayBuffer || ArrayBuffer.isView(picture))
    return ofBlob(new Blob([bytesOf(picture)]));
  if (picture instanceof Response) return ofBlob(await picture.blob());
  if (picture instanceof ReadableStream) return ofBlob(await new Response(picture).blob());
  if (typeof given === 'object' && given !== null && 'url' in given && typeof given.url === 'string') {
    return { kind: 'json', json: { url: given.url }, size: given.url.length };
  }
  throw new TypeError(`${WANTED}.`);
}

/** One picture, alone. @param maxBytes at most this and one byte more are sent, enough to be refused for the size. */
export function pictureRequest(
  route: string,
  picture: Sendable,
  options: Options,
  maxBytes = Infinity,
): Asked {
  if (picture.kind === 'json') return { path: route, init: json({ ...options, ...picture.json }) };
  const body = picture.size > maxBytes ? picture.bytes.slice(0, maxBytes + 1) : picture.bytes;
  return { path: `${route}?${query(options)}`, init: { method: 'POST', body } };
}

/** Many pictures of one kind, to be answered as NDJSON. @param list name of their list in JSON. */
export function batchRequest(
  route: string,
  pictures: readonly Sendable[],
  options: Options,
  list: 'images' | 'items' = 'images',
): Asked {
  const accept = 'application/x-ndjson';
  const images = pictures.flatMap((picture) => (picture.kind === 'json' ? [picture.json] : []));
  if (images.length > 0) {
    const { headers, ...init } = json({ ...options, [list]: images });
    return { path: route, init: { ...init, headers: { ...headers, accept } } };
  }
  const body = new FormData();
  for (const picture of pictures) if (picture.kind === 'bytes') body.append('image', picture.bytes);
  return { path: `${route}?${query(options)}`, init: { method: 'POST', body, headers: { accept } } };
}

function ofBlob(bytes: Blob): Sendable {
  return { kind: 'bytes', bytes, size: bytes.size };
}

function json(value: object) {
  return { method: 'POST', body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };
}

function query({ labels, ...others }: Options): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(others)) {
    if (value === undefined || value === null) continue;
    parameters.set(name, typeof value === 'object' ? JSON.stringify(value) : `${value}`);
  }
  for (const name of labels?.include ?? []) parameters.append('labels.include', name);
  for (const name of labels?.exclude ?? []) parameters.append('labels.exclude', name);
  return parameters;
}

/** A Blob refuses shared memory at run time; its type requires the check in TypeScript. */
function bytesOf(picture: Uint8Array | ArrayBuffer) {
  return picture as Uint8Array<ArrayBuffer> | ArrayBuffer;
}
