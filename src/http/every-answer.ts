/** What all answers have in common, whatever the settings: a request id, a line in the log, and security headers. */
import { Hono } from 'hono';
import { requestId } from 'hono/request-id';
import { TrieRouter } from 'hono/router/trie-router';
import type { AppEnv } from './env.ts';
import { requestLog } from './log.ts';

/** @returns an app without routes. */
export function createBareApp(): Hono<AppEnv> {
  // A trailing slash makes no difference. Hono's default router builds one regular expression of all routes at the
  // first request, which costs a start more than requests gain from it.
  const app = new Hono<AppEnv>({ strict: false, router: new TrieRouter() });
  app.use(requestId());
  app.use(requestLog());
  app.use(async (c, next) => {
    await next();
    c.header('x-content-type-options', 'nosniff');
    // An answer to a POST depends on a body that caches do not compare, and a refusal may be temporary.
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
  });
  return app;
}
