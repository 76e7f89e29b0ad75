/** `/v1/collections/{name}/items`: add, list, read, change and remove. */
import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { collectionVersionSchema } from '../../collection-answer.ts';
import { changeSchema, listQuerySchema } from '../../collection-options.ts';
import { addedSchema, CURSOR_WANTED, itemAnswer, pageAnswer, positionOf } from '../../collection-status.ts';
import type { Changed } from '../../collections/facts.ts';
import { fail, type Result } from '../../failure.ts';
import { problemSchema } from '../../problem-details.ts';
import { type Asked, askedFor, askedToChange, readJson } from '../collection-request.ts';
import type { AppEnv } from '../env.ts';
import { optionsReader } from '../options.ts';
import { problemResponse } from '../problem.ts';
import type { Services } from '../services.ts';
import { teachHandler } from '../teach.ts';
import { respond } from './collections.ts';

export const addLineSchema = z.lazy(() =>
  z
    .union([
      z.object({ index: z.int().min(0), result: addedSchema }).readonly(),
      z.object({ index: z.int().min(0), error: problemSchema }).readonly(),
    ])
    .meta({ id: 'AddedLine', description: "One item's result or problem, in the order of the request." }),
);

export const addSchema = z.lazy(() =>
  z
    .object({
      results: z.array(addLineSchema).readonly(),
      collection: collectionVersionSchema.describe('The version after all of these changes.'),
    })
    .readonly()
    .meta({ id: 'AddedItems' }),
);

export function itemsRoute({ guard, settings, collections }: Services): Hono<AppEnv> {
  const readList = optionsReader(listQuerySchema);

  async function list(c: Context<AppEnv>): Promise<Response> {
    const asked = askedFor(c);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const query = readList(c);
    if (!query.ok) return problemResponse(c, query.failure);
    const { label, limit, cursor } = query.value;
    const after = positionOf(cursor);
    if (after === undefined) return problemResponse(c, CURSOR_WANTED);
    const page = await collections.items(asked.value.reference, asked.value.caller, {
      after,
      limit,
      ...(label === undefined ? {} : { label }),
    });
    return respond(c, page, pageAnswer);
  }

  async function see(c: Context<AppEnv>): Promise<Response> {
    const asked = askedFor(c);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const item = await collections.item(asked.value.reference, asked.value.caller, idOf(c));
    return respond(c, item, itemAnswer);
  }

  async function change(c: Context<AppEnv>): Promise<Response> {
    const asked = askedToChange(c, settings);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const given = await readJson(c, changeSchema);
    if (!given.ok) return problemResponse(c, given.failure);
    const { label, metadata } = given.value;
    const changed = await collections.patch(asked.value.reference, asked.value.caller, idOf(c), {
      ...(label === undefined ? {} : { label }),
      ...(metadata === undefined ? {} : { metadata: metadata && JSON.stringify(metadata) }),
    });
    return respond(c, changed, ({ value, facts }) => ({
      ...itemAnswer(value),
      collection: { name: asked.value.name, version: facts.version },
    }));
  }

  async function remove(c: Context<AppEnv>): Promise<Response> {
    const asked = askedToChange(c, settings);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const { reference, caller } = asked.value;
    return removed(c, asked.value, await collections.remove(reference, caller, { id: idOf(c) }));
  }

  async function removeLabelled(c: Context<AppEnv>): Promise<Response> {
    const asked = askedToChange(c, settings);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const { reference, caller } = asked.value;
    const label = c.req.query('label');
    const gone: Result<Changed<number>> =
      label === undefined || label === ''
        ? fail({
            code: 'option_invalid',
            option: 'label',
            reason: 'the label whose items are to be deleted; DELETE the collection to delete all',
          })
        : await collections.remove(reference, caller, { label });
    return removed(c, asked.value, gone);
  }

  return new Hono<AppEnv>()
    .post('/:name/items', guard, teachHandler(settings, collections))
    .get('/:name/items', guard, list)
    .delete('/:name/items', guard, removeLabelled)
    .get('/:name/items/:id', guard, see)
    .patch('/:name/items/:id', guard, change)
    .delete('/:name/items/:id', guard, remove);
}

function removed(c: Context<AppEnv>, { name }: Asked, result: Result<Changed<number>>): Response {
  return respond(c, result, ({ value, facts }) => ({
    removed: value,
    collection: { name, version: facts.version },
  }));
}

function idOf(c: Context<AppEnv>): string {
  return c.req.param('id') ?? '';
}
