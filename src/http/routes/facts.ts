/** `GET /v1/labels`, `/v1/groups`, `/v1/model`, `/v1/limits`: facts about the deployment. */
import { Hono } from 'hono';
import { LABELS } from '../../inference/labels.ts';
import { GROUPS } from '../../inference/taxonomy.ts';
import { jobBindingsOf } from '../../jobs/bindings.ts';
import { type AppEnv, bindingsOf } from '../env.ts';
import { limitsOf } from '../limits.ts';
import { MODEL_CARD } from '../model-card.ts';
import { rateRule } from '../rate-limit.ts';
import { PUBLIC_FACTS, revalidated } from '../revalidation.ts';
import type { Services } from '../services.ts';

export function factsRoute({ settings, collections }: Services): Hono<AppEnv> {
  const fresh = revalidated(PUBLIC_FACTS);
  return new Hono<AppEnv>()
    .get('/labels', fresh, (c) => c.json(LABELS))
    .get('/groups', fresh, (c) => c.json(GROUPS))
    .get('/model', fresh, (c) => c.json(MODEL_CARD))
    .get('/limits', fresh, (c) => {
      const jobs = jobBindingsOf(bindingsOf(c)) !== undefined;
      const enabled = { collections: collections.enabled, jobs };
      return c.json(limitsOf(settings, rateRule(c, settings), enabled));
    });
}
