/** Who may use the routes that cost CPU. Closed until opened. */
import { createMiddleware } from 'hono/factory';
import type { Settings } from '../settings.ts';
import type { AppEnv } from './env.ts';
import { problemResponse } from './problem.ts';

export function requireCaller(settings: Settings) {
  return createMiddleware<AppEnv>(async (c, next) => {
    if (!settings.ALLOW_ANONYMOUS) return problemResponse(c, { code: 'anonymous_refused' });
    return next();
  });
}
