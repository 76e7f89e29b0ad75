/** `GET /healthz`: liveness; `?ready=1` also makes the session, so that the next picture does not wait for it. */
import { Hono } from 'hono';
import { z } from 'zod';
import type { AppEnv } from '../env.ts';
import type { Services } from '../services.ts';

export const healthSchema = z
  .object({
    status: z.literal('ok'),
    ready: z.literal(true).exactOptional().describe('The session is there; only where it was asked for.'),
  })
  .readonly()
  .meta({ id: 'Health' });

export function healthRoute({ classifier }: Services): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/', async (c) => {
    const ready = c.req.query('ready') === '1';
    if (ready) await classifier.warm();
    return c.json({ status: 'ok', ...(ready ? { ready } : {}) } satisfies z.infer<typeof healthSchema>);
  });
}
