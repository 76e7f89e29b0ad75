/**
 * Precedes every route that costs CPU: checks the key, the rate limit, and whether there is room. Only then does the
 * handler get what it works with.
 */
import { createMiddleware } from 'hono/factory';
import type { InFlight } from '../input/in-flight.ts';
import type { Settings } from '../settings.ts';
import { createAuthentication } from './auth.ts';
import { cacheStatus } from './cache-status.ts';
import type { AppEnv } from './env.ts';
import { problemResponse } from './problem.ts';
import { createRateLimit } from './rate-limit.ts';
import { createWork, type WorkParts } from './work.ts';

export function createGuard(settings: Settings, parts: WorkParts, inFlight: InFlight) {
  const authenticate = createAuthentication(settings);
  const countRequest = createRateLimit(settings);

  return createMiddleware<AppEnv>(async (c, next) => {
    const caller = await authenticate(c);
    if (!caller.ok) return problemResponse(c, caller.failure);
    const record = c.get('record');
    record.caller = caller.value;
    const counted = await countRequest(c, caller.value);
    if (!counted.ok) return problemResponse(c, counted.failure);

    if (inFlight.isFull()) {
      return problemResponse(c, { code: 'too_many_open', limitRequests: inFlight.limitRequests });
    }
    const hold = inFlight.open();
    c.set('work', createWork(parts, hold, c.req.raw, record));
    try {
      await next();
      const status = cacheStatus(record);
      if (status !== undefined) c.header('cache-status', status);
    } finally {
      record.bytes = hold.arrived();
      hold.release();
    }
  });
}
