/** What all routes for one picture have in common: read the options and the picture, classify it, answer. */
import type { Context } from 'hono';
import type { Result } from '../failure.ts';
import type { ImageInput } from '../input/image.ts';
import type { AppEnv } from './env.ts';
import { problemResponse } from './problem.ts';
import type { Question } from './question.ts';
import { taggedJson } from './revalidation.ts';

/**
 * A handler for one picture.
 *
 * The query's options are validated before the picture is read, so that invalid ones cost no upload; those sent with
 * the picture are validated before it is decoded.
 *
 * @param read gets the picture from the body or from the URL in the query.
 * @param question makes the JSON answer.
 */
export function pictureHandler<O>(
  read: (c: Context<AppEnv>) => Promise<Result<ImageInput>>,
  question: Question<O, object>,
) {
  return async (c: Context<AppEnv>): Promise<Response> => {
    const asked = await question.read(c);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const input = await read(c);
    if (!input.ok) return problemResponse(c, input.failure);
    const { bytes, fields } = input.value;
    // Most pictures come alone, and then options are not parsed twice.
    const options = fields.length === 0 ? asked : await question.read(c, fields);
    if (!options.ok) return problemResponse(c, options.failure);
    const seen = await c.get('work').classifier.see(bytes);
    return seen.ok
      ? taggedJson(c, question.answer(seen.value, options.value))
      : problemResponse(c, seen.failure);
  };
}
