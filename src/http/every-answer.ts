/** What every answer has in common, whatever the settings: a request id, a line in the log, and safe headers. */
import { Hono } from 'hono';
import { requestId } from 'hono/request-id';
import { TrieRouter } from 'hono/router/trie-router';
import type { AppEnv } from './env.ts';
import { requestLog } from './log.ts';

/** @returns an app without routes. */
export function createBareApp(): Hono<AppEnv> {
  // A slash at the end of a path is the same route. Hono's default router makes one regular expression of all routes at
  // the first request, which costs a start more than requests gain by it.
  const app = new Hono<AppEnv>({ strict: false, router: new TrieRouter() });
  app.use(requestId());
  app.use(requestLog());
  app.use(async (c, next) => {
    await next();
    c.header('x-content-type-options', 'nosniff');
    // An answer to a POST is about a body that no cache compares, and a refusal is of the moment.
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
  });
  return app;
}
