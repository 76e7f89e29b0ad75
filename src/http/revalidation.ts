/**
 * `ETag`, and 304 for callers that have it already.
 *
 * The tag is the SHA-256 of the body, so it is the same from every isolate and changes with any byte. Answers
 * to POST carry it too, and there a condition is ignored: it would be about the resource at the URL, and a
 * route that is only posted to has none (RFC 9110 §13.1.2).
 */
import type { Context } from 'hono';
import { etag, RETAINED_304_HEADERS } from 'hono/etag';
import { createMiddleware } from 'hono/factory';
import type { Settings } from '../settings.ts';
import type { AppEnv } from './env.ts';

/** Besides what a cache updates with, what the request's log and its page need. */
const ON_304 = [
  ...RETAINED_304_HEADERS,
  'x-request-id',
  'access-control-allow-origin',
  'access-control-expose-headers',
];

/** How long others may take an answer for fresh: a new deployment, or a new picture at a URL, is seen so soon. */
const FRESH_SECONDS = 60;

/** For what is the same for everybody until the next deployment. */
export const PUBLIC_FACTS = `public, max-age=${FRESH_SECONDS}`;

/**
 * For answers about the picture at a URL.
 *
 * Where there are keys, a cache that many share keeps none, and a caller's own tells one key from another:
 * `x-api-key`, unlike `authorization`, does not by itself keep a cache from it (RFC 9111 §3.5).
 */
export function urlCaching({ API_KEYS, CACHE_SECONDS }: Settings) {
  const age = `max-age=${Math.min(FRESH_SECONDS, CACHE_SECONDS)}`;
  return API_KEYS.length === 0
    ? revalidated(`public, ${age}`)
    : revalidated(`private, ${age}`, 'authorization, x-api-key');
}

/**
 * @param cacheControl for answers to GET that are not failures.
 * @param vary the headers that they depend on.
 */
export function revalidated(cacheControl: string, vary?: string) {
  const condition = etag({ retainedHeaders: ON_304 });
  return createMiddleware<AppEnv>((c, next) =>
    condition(c, async () => {
      await next();
      if (c.res.status !== 200) return;
      c.header('cache-control', cacheControl);
      if (vary !== undefined) c.header('vary', vary, { append: true });
      if (!c.res.headers.has('etag')) await tag(c);
    }),
  );
}

async function tag(c: Context<AppEnv>): Promise<void> {
  c.header('etag', await tagOf(await c.res.clone().arrayBuffer()));
}

/** An answer in JSON with its tag: to read it again out of a response costs more than all else here. */
export async function taggedJson(c: Context<AppEnv>, answer: object): Promise<Response> {
  const body = JSON.stringify(answer);
  const etag = await tagOf(new TextEncoder().encode(body));
  return c.body(body, 200, { 'content-type': 'application/json', etag });
}

async function tagOf(body: BufferSource): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', body);
  return `"${new Uint8Array(hash).toHex()}"`;
}
