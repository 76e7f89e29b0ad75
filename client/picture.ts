/** Pictures as callers have them, and the bodies and queries that carry them. */
import type { ClassifyOptions, EmbedOptions } from './options.ts';

/** An image file's bytes, or its address where the service is set to fetch URLs. */
export type Picture = Uint8Array | ArrayBuffer | Blob | { readonly url: string };

/** A request's address and body for one picture. */
export function pictureRequest(route: string, picture: Picture, options: ClassifyOptions & EmbedOptions) {
  if (isUrl(picture)) return { path: route, init: json({ ...options, url: picture.url }) };
  return { path: `${route}?${query(options)}`, init: { method: 'POST', body: bytes(picture) } };
}

/** The same for many: a form, which streams, unless an address is among them. */
export async function batchRequest(pictures: Iterable<Picture>, options: ClassifyOptions) {
  const all = [...pictures];
  const path = `v1/batch?${query(options)}`;
  if (all.some(isUrl)) return { path, init: json({ images: await Promise.all(all.map(inJson)) }) };
  const body = new FormData();
  for (const picture of all) {
    if (!isUrl(picture)) body.append('image', picture instanceof Blob ? picture : new Blob([bytes(picture)]));
  }
  return { path, init: { method: 'POST', body, headers: {} } };
}

async function inJson(picture: Picture) {
  if (isUrl(picture)) return picture;
  const data = new Uint8Array(await new Blob([bytes(picture)]).arrayBuffer());
  let text = '';
  // A call takes only so many arguments.
  for (let at = 0; at < data.length; at += 0x8000) {
    text += String.fromCharCode(...data.subarray(at, at + 0x8000));
  }
  return btoa(text);
}

function json(value: object) {
  return { method: 'POST', body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };
}

function query({ labels, ...others }: ClassifyOptions & EmbedOptions): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(others)) {
    if (value !== undefined) parameters.set(name, `${value}`);
  }
  for (const name of labels?.include ?? []) parameters.append('labels.include', name);
  for (const name of labels?.exclude ?? []) parameters.append('labels.exclude', name);
  return parameters;
}

function isUrl(picture: Picture): picture is { readonly url: string } {
  return 'url' in picture;
}

/** fetch takes no shared memory and says so itself; its type wants to hear it from TypeScript first. */
function bytes(picture: Uint8Array | ArrayBuffer | Blob) {
  return picture as Uint8Array<ArrayBuffer> | ArrayBuffer | Blob;
}
