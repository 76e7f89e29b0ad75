/** CORS: whose pages may call from a browser. Off by default, and never with cookies or other credentials. */
import { cors } from 'hono/cors';

/** How long a browser may remember a preflight's answer; Chromium remembers none longer than 7200. */
const MAX_AGE_SECONDS = 7200;

/**
 * Answers preflights for any route and header: a request of a page still needs a key, and a key is
 * no credential that a browser adds on its own.
 */
export function crossOrigin(origins: readonly string[]) {
  return cors({
    origin: origins.includes('*') ? '*' : [...origins],
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposeHeaders: ['x-request-id', 'retry-after', 'cache-status', 'etag', 'inference-header-content-length'],
    maxAge: MAX_AGE_SECONDS,
  });
}
