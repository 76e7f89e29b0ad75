/**
 * Gets a picture from a URL, as far as the guard lets it.
 *
 * The guard judges the URL's text, hop by hop. It cannot see what a name resolves to: a Worker has no
 * resolver, and a second answer could differ from the first (DNS rebinding). On Cloudflare the network
 * stands in for that: a Worker's fetch goes out to the public internet and nowhere else, which the flag
 * checked in `strictly-public.ts` makes true of the Worker's own zone too. A local `wrangler dev` has no
 * such network: there a listed name that resolves to a private address is reached. So the allow-list is
 * for hosts whose names are in trusted hands.
 *
 * Nothing of what an origin says beside the picture reaches the caller, but for the number of its status.
 */
import { type Failure, fail, ok, type Result } from '../../failure.ts';
import { type BodyLimits, collect } from '../body.ts';
import type { Hold } from '../in-flight.ts';
import { checkUrl, type UrlRules } from './check.ts';

/**
 * Gets the bytes of the file at a URL, counted as they arrive. Every failure is a value.
 *
 * @param until ends it before its time, as if that were over.
 */
export type FetchImage = (url: string, hold: Hold, until?: AbortSignal) => Promise<Result<Uint8Array>>;

export interface UrlLimits extends UrlRules {
  /** Largest file, in bytes, after any content encoding is undone. */
  readonly maxBytes: number;
  /** Time for all of it, redirects and body included, in seconds. */
  readonly timeoutSeconds: number;
}

/** Enough for http to https, to a canonical name, to a file store. */
export const MAX_REDIRECTS = 3;

const PARTIAL_CONTENT = 206;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Some origins refuse requests without a user agent. */
const HEADERS = { accept: 'image/*', 'user-agent': 'mobilenet-edge' };

/** What a Worker does with URLs while no hosts are listed. */
export const urlInputOff: FetchImage = async () => fail({ code: 'url_input_off' });

/** @param fetch the platform's own, but where a test makes faults that no origin can. */
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
        // No such host, no route, no TLS. The error's text is not ours, and may hold the URL.
        return fail(signal.aborted ? tooSlow(limits) : failed('could not be reached'));
      }
    });
    if (!response.ok) return response;
    const bytes = await receive(response.value, { ...limits, hold });
    return bytes.ok ? bytes : fail(seenFromOutside(bytes.failure, limits, signal));
  };
}

/** Asks hop by hop, each judged anew. @returns the first response that redirects no further. */
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
  // No part was asked for: what came need not be a whole file.
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

/** What befell the body, as it reads when the body is an origin's and not the caller's. */
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

/** Cancels a body that is not read, so that its connection is not held open. */
function discard(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}
