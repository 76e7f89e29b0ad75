/** Requests to the service: the key, and patience when it is busy or out of reach. */
import { problemOf } from './problem.ts';

export interface ClientOptions {
  /** Where the service is, as `https://classifier.example.com`. */
  readonly url: string;
  /** Sent as a bearer token. */
  readonly key?: string;
  /** Used instead of the global fetch: for a proxy, a service binding or a test. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** How often to ask again after 429 or when the network failed: 3 unless told, 0 for never. */
  readonly retries?: number;
  /** The longest wait between two tries, in seconds (30). An answer that asks for a longer one is thrown. */
  readonly maxWait?: number;
  /**
   * The longest that one request may take with its answer, in seconds, each try for itself: for ever unless told. Then a
   * `TimeoutError` is thrown. A batch is several requests.
   */
  readonly timeout?: number;
  /** How many requests of a batch are made at once: 3 unless told. */
  readonly concurrency?: number;
}

export interface CallOptions {
  /** Ends the call. */
  readonly signal?: AbortSignal;
  /** In place of the client's own, in seconds. */
  readonly timeout?: number;
}

/** What is made of an answer, for as long as the request may take. */
type Read<T> = (response: Response) => Promise<T>;

export type Send = <T>(path: string, init: RequestInit, call: CallOptions, read: Read<T>) => Promise<T>;

/** @returns what sends a request; it throws a ProblemError for every answer but success. */
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

/** The outcome of a try. `wait` is how long to wait before the next, in seconds: NaN if unknown, undefined for never. */
type Tried<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: unknown; readonly wait: number | undefined };

/** What fetch throws is a fault of the network, as is an answer that breaks off: all that is asked may be asked again. */
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

/** A little more than asked, so that callers who were refused together do not come back together. */
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
