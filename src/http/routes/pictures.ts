/** `/v1/classify` and `/v1/embed`: one picture in, labels or its feature vector out. */
import { type Context, Hono } from 'hono';
import { embeddingAnswer } from '../../answer.ts';
import { fail, ok, type Result } from '../../failure.ts';
import { type ImageInput, nativeJsonImage, readImage } from '../../input/image.ts';
import { embedOptionsSchema } from '../../options.ts';
import type { AppEnv } from '../env.ts';
import { pictureHandler } from '../picture.ts';
import { classifyQuestion, questionOf } from '../question.ts';
import { urlCaching } from '../revalidation.ts';
import type { Services } from '../services.ts';

export function picturesRoute({ guard, settings, collections }: Services): Hono<AppEnv> {
  const classify = classifyQuestion(collections);
  return new Hono<AppEnv>()
    .post('/classify', guard, pictureHandler(sent, classify))
    .post('/embed', guard, pictureHandler(sent, questionOf(embedOptionsSchema, embeddingAnswer)))
    .get('/classify', guard, urlCaching(settings), pictureHandler(named, classify));
}

function sent(c: Context<AppEnv>): Promise<Result<ImageInput>> {
  const { limits, fetchImage } = c.get('work');
  return readImage(c.req.raw, limits, nativeJsonImage(fetchImage, limits.hold));
}

async function named(c: Context<AppEnv>): Promise<Result<ImageInput>> {
  const { limits, fetchImage } = c.get('work');
  const url = c.req.query('url');
  if (url === undefined) {
    const reason = 'the address of a picture; or POST the picture itself';
    return fail({ code: 'option_invalid', option: 'url', reason });
  }
  const bytes = await fetchImage(url, limits.hold);
  return bytes.ok ? ok({ bytes: bytes.value, fields: [] }) : bytes;
}
