/** `POST /v1/collections/{name}/search`: the items most similar to a picture, an embedding or another item. */
import { type Context, Hono } from 'hono';
import { searchOptionsSchema } from '../../collection-options.ts';
import { ok, type Result } from '../../failure.ts';
import { nativeJsonImage, readImage } from '../../input/image.ts';
import { searchAnswer } from '../../likeness-answer.ts';
import { type Question, questionOf, type Sought } from '../../search-question.ts';
import { askedFor } from '../collection-request.ts';
import type { AppEnv } from '../env.ts';
import { optionsReader } from '../options.ts';
import { problemResponse } from '../problem.ts';
import type { Services } from '../services.ts';
import { respond } from './collections.ts';

export function searchRoute({ guard, collections }: Services): Hono<AppEnv> {
  const readOptions = optionsReader(searchOptionsSchema);

  async function search(c: Context<AppEnv>): Promise<Response> {
    const asked = askedFor(c);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const query = readOptions(c);
    if (!query.ok) return problemResponse(c, query.failure);
    const input = await read(c);
    if (!input.ok) return problemResponse(c, input.failure);
    const { sought, fields } = input.value;
    const options = readOptions(c, fields);
    if (!options.ok) return problemResponse(c, options.failure);
    const { top_k: limit, min_similarity: minSimilarity, label } = options.value;
    const { reference, caller, name } = asked.value;
    const found = await collections.search(reference, caller, {
      ...sought,
      limit,
      minSimilarity,
      ...(label === undefined ? {} : { label }),
    });
    return respond(c, found, (value) => searchAnswer(value, caller, name));
  }

  return new Hono<AppEnv>().post('/:name/search', guard, search);
}

async function read(c: Context<AppEnv>): Promise<Result<Question>> {
  const { limits, fetchImage } = c.get('work');
  const ofPicture = nativeJsonImage(fetchImage, limits.hold);
  let other: Sought | undefined;
  const image = await readImage(c.req.raw, limits, (value) => {
    const question = questionOf(value);
    if (question === undefined) return ofPicture(value);
    if (!question.ok) return question;
    other = question.value.sought;
    return ok({ bytes: new Uint8Array(), fields: question.value.fields });
  });
  if (!image.ok) return image;
  const { bytes, fields } = image.value;
  if (other !== undefined) return ok({ sought: other, fields });
  const seen = await c.get('work').classifier.see(bytes);
  if (!seen.ok) return seen;
  const { embedding, fingerprint } = seen.value;
  return ok({ sought: { embedding, fingerprint }, fields });
}
