/** `POST /v1/classify`: one picture in, labels out. */
import { Hono } from 'hono';
import type { Classifier } from '../../classifier.ts';
import { readBody } from '../../input/body.ts';
import type { Settings } from '../../settings.ts';
import type { AppEnv } from '../env.ts';
import { readClassifyOptions } from '../options.ts';
import { problemResponse } from '../problem.ts';

export function classifyRoute(classifier: Classifier, settings: Settings): Hono<AppEnv> {
  return new Hono<AppEnv>().post('/', async (c) => {
    const options = readClassifyOptions(c.req.query());
    if (!options.ok) return problemResponse(c, options.failure);
    const body = await readBody(c.req.raw, {
      maxBytes: settings.MAX_IMAGE_BYTES,
      timeoutSeconds: settings.BODY_TIMEOUT_SECONDS,
    });
    if (!body.ok) return problemResponse(c, body.failure);
    const result = await classifier.classify(body.value, options.value);
    return result.ok ? c.json(result.value) : problemResponse(c, result.failure);
  });
}
