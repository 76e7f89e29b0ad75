/**
 * `GET /healthz`: liveness, and which version of the code answers; `?ready=1` also starts the network, so that the
 * next picture does not wait for it.
 */
import { Hono } from 'hono';
import * as z from 'zod';
import { type AppEnv, bindingsOf } from '../env.ts';
import type { Services } from '../services.ts';

export const healthSchema = z.lazy(() =>
  z
    .object({
      status: z.literal('ok'),
      version: z
        .string()
        .exactOptional()
        .describe('Id of the deployed version of the code, if the platform gives it.'),
      ready: z
        .literal(true)
        .exactOptional()
        .describe('The network has started; present only if it was asked for.'),
    })
    .readonly()
    .meta({ id: 'Health' }),
);

export function healthRoute({ classifier }: Services): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/', async (c) => {
    const ready = c.req.query('ready') === '1';
    if (ready) await classifier.warm();
    const version = bindingsOf(c).CF_VERSION_METADATA?.id;
    return c.json({
      status: 'ok',
      ...(version ? { version } : {}),
      ...(ready ? { ready } : {}),
    } satisfies z.infer<typeof healthSchema>);
  });
}
