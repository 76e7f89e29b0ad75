/** `GET /v1/labels`, `/v1/model`, `/v1/limits`: what a caller may want to know beforehand. */
import { Hono } from 'hono';
import card from '../../../model/card.json';
import { areaLimits, MAX_SIDE_PIXELS } from '../../image/account.ts';
import { LABELS } from '../../inference/labels.ts';
import { CLASS_COUNT, DEFAULT_TOP_K } from '../../options.ts';
import type { AppEnv } from '../env.ts';
import type { Services } from '../services.ts';

export function factsRoute({ settings }: Services): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get('/labels', (c) => c.json(LABELS))
    .get('/model', (c) => c.json(card))
    .get('/limits', (c) =>
      c.json({
        anonymous: settings.ALLOW_ANONYMOUS,
        image: {
          max_bytes: settings.MAX_IMAGE_BYTES,
          max_side_pixels: MAX_SIDE_PIXELS,
          max_pixels: areaLimits(),
        },
        body_timeout_seconds: settings.BODY_TIMEOUT_SECONDS,
        top_k: { min: 1, max: CLASS_COUNT, default: DEFAULT_TOP_K },
        min_score: { min: 0, max: 1, default: 0 },
      }),
    );
}
