/** `GET /v1/collections/{name}/duplicates`: items that are copies of each other, page by page. */
import { type Context, Hono } from 'hono';
import { duplicatesQuerySchema } from '../../collection-options.ts';
import { CURSOR_WANTED, positionOf } from '../../collection-status.ts';
import { duplicatesAnswer } from '../../likeness-answer.ts';
import { askedFor } from '../collection-request.ts';
import type { AppEnv } from '../env.ts';
import { optionsReader } from '../options.ts';
import { problemResponse } from '../problem.ts';
import type { Services } from '../services.ts';
import { respond } from './collections.ts';

export function duplicatesRoute({ guard, collections }: Services): Hono<AppEnv> {
  const readQuery = optionsReader(duplicatesQuerySchema);

  async function list(c: Context<AppEnv>): Promise<Response> {
    const asked = askedFor(c);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const query = readQuery(c);
    if (!query.ok) return problemResponse(c, query.failure);
    const { limit, cursor } = query.value;
    const after = positionOf(cursor);
    if (after === undefined) return problemResponse(c, CURSOR_WANTED);
    const { reference, caller, name } = asked.value;
    const page = await collections.duplicates(reference, caller, { after, limit });
    return respond(c, page, (value) => duplicatesAnswer(value, name));
  }

  return new Hono<AppEnv>().get('/:name/duplicates', guard, list);
}
