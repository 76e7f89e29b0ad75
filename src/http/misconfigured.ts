/** What the HTTP door answers while a setting is wrong. */
import { Hono } from 'hono';
import { requestId } from 'hono/request-id';
import type { SettingsError } from '../settings.ts';
import type { AppEnv } from './env.ts';
import { requestLog } from './log.ts';
import { problemResponse } from './problem.ts';

/** An app without routes: which setting is wrong is for whoever deployed it, and goes to the log alone. */
export function createMisconfiguredApp(error: SettingsError): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use(requestId());
  app.use(requestLog());
  app.use(async (c, next) => {
    await next();
    c.header('x-content-type-options', 'nosniff');
  });
  return app.all('*', (c) => {
    console.error(JSON.stringify({ request_id: c.get('requestId'), error: error.message }));
    return problemResponse(c, { code: 'internal' });
  });
}
