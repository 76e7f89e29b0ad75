/**
 * `ETag`, and 304 for callers that already have the answer.
 *
 * The tag is the SHA-256 of the body, so every isolate computes the same, and it changes with any byte. Answers to POST
 * have it too, but ignore a condition: it would concern the resource at the URL, which a route for POST alone does not
 * have (RFC 9110 §13.1.2).
 */
import type { Context } from 'hono';
import { etag, RETAINED_304_HEADERS } from 'hono/etag';
import { createMiddleware } from 'hono/factory';
import type { Settings } from '../settings.ts';
import type { AppEnv } from './env.ts';

/** Headers kept on a 304: those that update a cache, and those that the request's log and page need. */
const ON_304 = [
  ...RETAINED_304_HEADERS,
  'x-request-id',
  'access-control-allow-origin',
  'access-control-expose-headers',
];

/**
 * How long others may take an answer for fresh, and so how soon they notice a new deployment, or a new picture at a
 * URL.
 */
const FRESH_SECONDS = 60;

/** For answers that are the same for everybody until the next deployment. */
export const PUBLIC_FACTS = `public, max-age=${FRESH_SECONDS}`;

/**
 * For answers about the picture at a URL.
 *
 * If there are keys, a shared cache stores nothing, and a caller's own cache distinguishes keys: unlike
 * `authorization`, `x-api-key` alone does not keep a cache from reusing an answer (RFC 9111 §3.5).
 */
export function urlCaching({ API_KEYS, CACHE_SECONDS }: Settings) {
  const age = `max-age=${Math.min(FRESH_SECONDS, CACHE_SECONDS)}`;
  return API_KEYS.length === 0
    ? revalidated(`public, ${age}`)
    : revalidated(`private, ${age}`, 'authorization, x-api-key');
}

/**
 * @param cacheControl for successful answers to GET.
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

/** A JSON answer with its tag, computed here because reading a response again would cost more than everything else. */
export async function taggedJson(c: Context<AppEnv>, answer: object): Promise<Response> {
  const body = JSON.stringify(answer);
  const etag = await tagOf(new TextEncoder().encode(body));
  return c.body(body, 200, { 'content-type': 'application/json', etag });
}

async function tagOf(body: BufferSource): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', body);
  return `"${new Uint8Array(hash).toHex()}"`;
}
