/** What every route for one picture does: read the options and the picture, look at it, answer. */
import type { Context } from 'hono';
import type { z } from 'zod';
import type { Classifier, Seen } from '../classifier.ts';
import { type InputLimits, readImage } from '../input/image.ts';
import type { AppEnv } from './env.ts';
import { readOptions } from './options.ts';
import { problemResponse } from './problem.ts';

/**
 * A handler for one picture in the body.
 *
 * The query's options are checked before the body is read, so that a wrong one costs no upload; those
 * beside the picture are checked before it is decoded.
 *
 * @param answer makes the JSON answer of the network's outputs.
 */
export function pictureHandler<T extends z.ZodObject>(
  classifier: Classifier,
  limits: InputLimits,
  schema: T,
  answer: (seen: Seen, options: z.output<T>) => object,
) {
  return async (c: Context<AppEnv>): Promise<Response> => {
    const asked = readOptions(c, schema);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const input = await readImage(c.req.raw, limits);
    if (!input.ok) return problemResponse(c, input.failure);
    const options = readOptions(c, schema, input.value.fields);
    if (!options.ok) return problemResponse(c, options.failure);
    const seen = await classifier.see(input.value.bytes);
    return seen.ok ? c.json(answer(seen.value, options.value)) : problemResponse(c, seen.failure);
  };
}
