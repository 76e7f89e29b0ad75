/**
 * Fetches a picture from a URL, if the checks allow it.
 *
 * The checks see the URL's text, redirect by redirect, but not what a name resolves to: a Worker has no resolver, and a
 * second answer could differ from the first (DNS rebinding). On Cloudflare the network prevents this: a Worker's fetch
 * reaches the public internet only, and the flag checked in `strictly-public.ts` extends that to the Worker's own zone.
 * A local `wrangler dev` has no such network: there a listed name that resolves to a private address is fetched. So the
 * allow-list is for hosts whose DNS is trusted.
 *
 * Nothing that an origin sends reaches the caller, except the picture and the number of its status.
 */
import { type Failure, fail, ok, type Result } from '../../failure.ts';
import { type BodyLimits, collect } from '../body.ts';
import type { Hold } from '../in-flight.ts';
import { checkUrl, type UrlRules } from './check.ts';

/**
 * Fetches the bytes of the file at a URL, counted as they arrive. Every failure is a value.
 *
 * @param until ends it early, as if the time had passed.
 */
export type FetchImage = (url: string, hold: Hold, until?: AbortSignal) => Promise<Result<Uint8Array>>;

export interface UrlLimits extends UrlRules {
  /** Largest file, in bytes, after any content encoding is undone. */
  readonly maxBytes: number;
  /** Time for everything, redirects and body included, in seconds. */
  readonly timeoutSeconds: number;
}

/** Enough to redirect from http to https, to a canonical name, and to a file store. */
export const MAX_REDIRECTS = 3;

const PARTIAL_CONTENT = 206;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Some origins refuse requests without a user agent. */
const HEADERS = { accept: 'image/*', 'user-agent': 'mobilenet-edge' };

/** What a Worker does with URLs if no hosts are listed. */
export const urlInputOff: FetchImage = async () => fail({ code: 'url_input_off' });

/** @param fetch the platform's own, except where a test injects faults that no origin can cause. */
export function createImageFetch(
  limits: UrlLimits,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): FetchImage {
  return async (text, hold, until) => {
    const timeout = AbortSignal.timeout(limits.timeoutSeconds * 1000);
    const signal = until === undefined ? timeout : AbortSignal.any([timeout, until]);
    const response = await follow(text, limits, async (url) => {
      try {
        return ok(await fetch(url, { redirect: 'manual', headers: HEADERS, signal }));
      } catch {
        // No such host, no route, or no TLS. The error's text is not ours, and may contain the URL.
        return fail(signal.aborted ? tooSlow(limits) : failed('could not be reached'));
      }
    });
    if (!response.ok) return response;
    const bytes = await receive(response.value, { ...limits, hold });
    return bytes.ok ? bytes : fail(seenFromOutside(bytes.failure, limits, signal));
  };
}

/** Follows redirects, checking each. @returns the first response that does not redirect. */
async function follow(
  text: string,
  rules: UrlRules,
  ask: (url: URL) => Promise<Result<Response>>,
): Promise<Result<Response>> {
  let hop = checkUrl(text, rules);
  for (let redirects = 0; ; redirects++) {
    if (!hop.ok) return hop;
    const response = await ask(hop.value);
    if (!response.ok) return response;
    const { status, headers } = response.value;
    const location = REDIRECTS.has(status) ? headers.get('location') : null;
    if (location === null) return response;
    discard(response.value);
    if (redirects === MAX_REDIRECTS) return fail(failed(`redirected more than ${MAX_REDIRECTS} times`));
    hop = checkUrl(location, rules, hop.value);
  }
}

async function receive(response: Response, limits: BodyLimits): Promise<Result<Uint8Array>> {
  if (!response.ok) {
    discard(response);
    return fail(failed(`answered with the status ${response.status}`));
  }
  // No range was requested: a partial response need not be a whole file.
  if (response.status === PARTIAL_CONTENT) {
    discard(response);
    return fail(failed('sent a part of the file, and not all of it'));
  }
  if (response.body === null) return fail({ code: 'body_missing' });
  if (Number(response.headers.get('content-length') ?? 0) > limits.maxBytes) {
    discard(response);
    return fail({ code: 'body_too_large', limitBytes: limits.maxBytes });
  }
  return collect(response.body, limits);
}

/** A failure of the body, worded for an origin's body instead of the caller's. */
function seenFromOutside(failure: Failure, limits: UrlLimits, signal: AbortSignal): Failure {
  switch (failure.code) {
    case 'body_missing':
      return failed('sent no bytes');
    case 'body_too_large':
      return { code: 'url_file_too_large', limitBytes: failure.limitBytes };
    case 'body_too_slow':
      return tooSlow(limits);
    case 'body_interrupted':
      return signal.aborted ? tooSlow(limits) : failed('broke off before the end of the file');
    default:
      return failure;
  }
}

function tooSlow({ timeoutSeconds }: UrlLimits): Failure {
  return { code: 'url_fetch_too_slow', limitSeconds: timeoutSeconds };
}

function failed(reason: string): Failure {
  return { code: 'url_fetch_failed', reason };
}

/** Cancels a body that is not read, so that its connection is not kept open. */
function discard(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}
