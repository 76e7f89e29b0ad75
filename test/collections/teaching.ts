/** A service with collections, and embeddings to teach it. */
import { expect } from 'vitest';
import { bearer, stored } from '../keys.ts';
import type { service } from '../service.ts';

export const PARTS = 'mne_parts-key';
export const LOADER = 'mne_loader-key';
export const READER = 'mne_reader-key';

export const KEYS = {
  ALLOW_ANONYMOUS: 'true',
  API_KEYS: `${await stored('parts', PARTS)},${await stored('loader', LOADER)},${await stored('reader', READER)}`,
  KEY_RIGHTS: 'parts=teach; loader = teach',
  // Objects persist between tests, and so do their owners' lists.
  MAX_COLLECTIONS: '1000',
  RATE_LIMIT_REQUESTS: '0',
};

export type App = ReturnType<typeof service>;

/** Tests share the objects, as isolates do, so each uses names of its own. */
let names = 0;
export function freshName(): string {
  return `c${Date.now().toString(36)}-${names++}`;
}

export interface Answer {
  readonly status: number;
  /** The JSON of an answer: each test knows what it expects. */
  readonly body: Record<string, unknown> & { code?: string; version?: number };
  readonly headers: Headers;
}

/** Sends a request with a key. */
export async function ask(
  app: App,
  key: string | undefined,
  method: string,
  path: string,
  body?: BodyInit | object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const json = body !== undefined && Object.getPrototypeOf(body) === Object.prototype;
  const response = await app.request(path, {
    method,
    headers: {
      ...(key === undefined ? {} : bearer(key)),
      ...(json ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: json ? JSON.stringify(body) : (body as BodyInit) }),
  });
  const text = await response.text();
  const body_ = text === '' ? {} : JSON.parse(text);
  return { status: response.status, body: body_, headers: response.headers };
}

/** Makes a collection. @returns its name. */
export async function made(app: App, key: string, shared?: boolean): Promise<string> {
  const name = freshName();
  const answer = await ask(
    app,
    key,
    'PUT',
    `/v1/collections/${name}`,
    shared === undefined ? undefined : { shared },
  );
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return name;
}

/** A linear congruential generator: the same on every run. */
function* numbers(seed: number): Generator<number, never, void> {
  for (let state = (seed * 2654435761) >>> 0; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32 - 0.5;
  }
}

/** An embedding near the centre of a class; the centres are far from each other. */
export function embedding(kind: number, example: number, spread = 0.5): number[] {
  const centre = numbers(1000 + kind);
  const noise = numbers(7 + kind * 10_007 + example);
  return Array.from({ length: 1024 }, () =>
    Number((centre.next().value + spread * noise.next().value).toFixed(4)),
  );
}

export function base64Of(vector: readonly number[]): string {
  return new Uint8Array(Float32Array.from(vector).buffer).toBase64();
}

/** Items of some kinds, `count` of each, labelled `kind-0` and so on. */
export function items(kinds: number, count: number, from = 0) {
  return Array.from({ length: kinds * count }, (_, index) => {
    const kind = index % kinds;
    const example = from + Math.floor(index / kinds);
    return { embedding: base64Of(embedding(kind, example)), label: `kind-${kind}`, id: `${kind}/${example}` };
  });
}

/** Adds items, in requests of an allowed size. */
export async function teach(app: App, key: string, name: string, list: readonly object[]): Promise<number> {
  let version = 0;
  for (let at = 0; at < list.length; at += 32) {
    const answer = await ask(app, key, 'POST', `/v1/collections/${name}/items`, {
      items: list.slice(at, at + 32),
    });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    version = (answer.body.collection as { version: number }).version;
  }
  return version;
}
