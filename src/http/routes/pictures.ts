/** `/v1/classify` and `/v1/embed`: one picture in, labels or its feature vector out. */
import { Hono } from 'hono';
import { classification, embeddingAnswer } from '../../answer.ts';
import { classifyOptionsSchema, embedOptionsSchema } from '../../options.ts';
import type { AppEnv } from '../env.ts';
import { pictureHandler } from '../picture.ts';
import { problemResponse } from '../problem.ts';
import type { Services } from '../services.ts';

export function picturesRoute({ classifier, limits, guard }: Services): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .post('/classify', guard, pictureHandler(classifier, limits, classifyOptionsSchema, classification))
    .post('/embed', guard, pictureHandler(classifier, limits, embedOptionsSchema, embeddingAnswer))
    .get('/classify', guard, (c) =>
      c.req.query('url') === undefined
        ? problemResponse(c, {
            code: 'option_invalid',
            option: 'url',
            reason: 'the address of a picture; or POST the picture itself',
          })
        : problemResponse(c, { code: 'url_input_off' }),
    );
}
