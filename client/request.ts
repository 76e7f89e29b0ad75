/** Requests to the service: the key, and patience when it is busy. */
import { problemOf } from './problem.ts';

export interface ClientOptions {
  /** Where the service is, as `https://classifier.example.com`. */
  readonly url: string;
  /** Sent as a bearer token. */
  readonly key?: string;
  /** Used instead of the global fetch: for a proxy, a service binding or a test. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** How often to ask again after 429: 3 unless told, 0 for never. */
  readonly retries?: number;
  /** The longest that one wait may be, in seconds: 30 unless told. What wants a longer one is thrown. */
  readonly maxWait?: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export type Send = (path: string, init?: RequestInit) => Promise<Response>;

/** @returns what sends a request; it throws a ProblemError for every answer but success. */
export function sender({ url, key, fetch: given, retries = 3, maxWait = 30 }: ClientOptions): Send {
  const base = url.endsWith('/') ? url : `${url}/`;
  const call = given ?? ((to: string, init: RequestInit) => fetch(to, init));

  return async (path, init = {}) => {
    const headers = new Headers(init.headers);
    if (key !== undefined) headers.set('authorization', `Bearer ${key}`);
    for (let attempt = 0; ; attempt++) {
      const response = await call(new URL(path, base).href, { ...init, headers });
      if (response.ok) return response;
      const problem = await problemOf(response);
      const wait = problem.retryAfter ?? 2 ** attempt / 2;
      if (problem.status !== 429 || attempt >= retries || wait > maxWait) throw problem;
      await delay(wait, init.signal ?? undefined);
    }
  };
}

/** A little more than asked, so that callers who were refused together do not come back together. */
function delay(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = setTimeout(done, seconds * 1000 * (1 + Math.random() / 4));
    signal?.addEventListener('abort', aborted, { once: true });

    function done() {
      signal?.removeEventListener('abort', aborted);
      resolve();
    }
    function aborted() {
      clearTimeout(timer);
      reject(signal?.reason);
    }
  });
}
