/** Requests to the service: adds the key, and retries when the service is busy or out of reach. */
import { problemOf } from './problem.ts';

export interface ClientOptions {
  /** Where the service is, as `https://classifier.example.com`. */
  readonly url: string;
  /** Sent as a bearer token. */
  readonly key?: string;
  /** Used instead of the global fetch: for a proxy, a service binding or a test. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Retries after 429 or a network failure: 3 by default, 0 for none. */
  readonly retries?: number;
  /** The longest wait between two attempts, in seconds (30). An answer that asks for a longer one is thrown. */
  readonly maxWait?: number;
  /**
   * Time limit for one attempt with its answer, in seconds; none by default. When it is exceeded, a `TimeoutError` is
   * thrown. A batch is several requests.
   */
  readonly timeout?: number;
  /** Concurrent requests of a batch: 3 by default. */
  readonly concurrency?: number;
}

export interface CallOptions {
  /** Aborts the call. */
  readonly signal?: AbortSignal;
  /** Overrides the client's own, in seconds. */
  readonly timeout?: number;
}

/** Reads the answer, within the time limit of the request. */
type Read<T> = (response: Response) => Promise<T>;

export type Send = <T>(path: string, init: RequestInit, call: CallOptions, read: Read<T>) => Promise<T>;

/** @returns a function that sends a request and throws a ProblemError for every unsuccessful answer. */
export function sender(options: ClientOptions): Send {
  const { url, key, fetch: given, retries = 3, maxWait = 30, timeout: usual } = options;
  const base = url.endsWith('/') ? url : `${url}/`;
  const ask = given ?? ((to: string, init: RequestInit) => fetch(to, init));

  return async (path, init, { signal, timeout = usual }, read) => {
    const to = new URL(path, base).href;
    const headers = new Headers(init.headers);
    if (key !== undefined) headers.set('authorization', `Bearer ${key}`);
    for (let attempt = 0; ; attempt++) {
      signal?.throwIfAborted();
      const limited = withTimeout(signal, timeout);
      const response = await orFault(() =>
        ask(to, { ...init, headers, ...(limited && { signal: limited }) }),
      );
      const answer = response.ok ? await answerOf(response.value, read) : response;
      if (answer.ok) return answer.value;
      const isLast = attempt >= retries;
      // A call that was aborted, or has waited long enough, ends with that reason.
      if (isLast || limited?.aborted || answer.wait === undefined || answer.wait > maxWait)
        throw answer.error;
      await delay(Number.isNaN(answer.wait) ? Math.min(2 ** attempt / 2, maxWait) : answer.wait, signal);
    }
  };
}

/**
 * The outcome of an attempt. `wait` is the time before the next, in seconds: NaN if unknown, undefined for no retry.
 */
type Tried<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: unknown; readonly wait: number | undefined };

/** What fetch throws is a network failure, as is an answer that breaks off: every request may be repeated. */
async function orFault<T>(work: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error, wait: Number.NaN };
  }
}

async function answerOf<T>(response: Response, read: Read<T>): Promise<Tried<T>> {
  if (response.ok) return orFault(() => read(response));
  const problem = await orFault(() => problemOf(response));
  if (!problem.ok) return problem;
  const { status, retryAfter } = problem.value;
  return { ok: false, error: problem.value, wait: status === 429 ? (retryAfter ?? Number.NaN) : undefined };
}

function withTimeout(signal: AbortSignal | undefined, seconds: number | undefined): AbortSignal | undefined {
  if (seconds === undefined) return signal;
  const late = AbortSignal.timeout(seconds * 1000);
  return signal === undefined ? late : AbortSignal.any([signal, late]);
}

/** A little more than asked, so that callers that were refused together do not return together. */
export function delay(seconds: number, signal: AbortSignal | undefined): Promise<void> {
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
