/** CORS: whose pages may call from a browser. Off by default, and never with cookies or other credentials. */
import { cors } from 'hono/cors';

/** How long a browser may cache a preflight's answer; Chromium's maximum is 7200. */
const MAX_AGE_SECONDS = 7200;

/**
 * Answers preflights for any route and header: a page's request still needs a key, and browsers do not add a key on
 * their own as they do cookies.
 */
export function crossOrigin(origins: readonly string[]) {
  return cors({
    origin: origins.includes('*') ? '*' : [...origins],
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposeHeaders: ['x-request-id', 'retry-after', 'cache-status', 'etag', 'inference-header-content-length'],
    maxAge: MAX_AGE_SECONDS,
  });
}
