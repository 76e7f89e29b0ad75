/** What every route for one picture does: read the options and the picture, look at it, answer. */
import type { Context } from 'hono';
import type { z } from 'zod';
import type { Seen } from '../classifier.ts';
import type { Result } from '../failure.ts';
import type { ImageInput } from '../input/image.ts';
import type { AppEnv } from './env.ts';
import { optionsReader } from './options.ts';
import { problemResponse } from './problem.ts';
import { taggedJson } from './revalidation.ts';

/**
 * A handler for one picture.
 *
 * The query's options are checked before the picture is read, so that a wrong one costs no upload; those
 * beside it are checked before it is decoded.
 *
 * @param read gets the picture, out of the body or from where the query says.
 * @param answer makes the JSON answer of the network's outputs.
 */
export function pictureHandler<T extends z.ZodObject>(
  read: (c: Context<AppEnv>) => Promise<Result<ImageInput>>,
  schema: T,
  answer: (seen: Seen, options: z.output<T>) => object,
) {
  const readOptions = optionsReader(schema);
  return async (c: Context<AppEnv>): Promise<Response> => {
    const asked = readOptions(c);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const input = await read(c);
    if (!input.ok) return problemResponse(c, input.failure);
    const { bytes, fields } = input.value;
    // Most pictures come alone, and options are not read twice.
    const options = fields.length === 0 ? asked : readOptions(c, fields);
    if (!options.ok) return problemResponse(c, options.failure);
    const seen = await c.get('work').classifier.see(bytes);
    return seen.ok ? taggedJson(c, answer(seen.value, options.value)) : problemResponse(c, seen.failure);
  };
}
