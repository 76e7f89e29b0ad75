/** `/v1/collections`: make, list, read, train and delete. */
import { type Context, Hono } from 'hono';
import { makeSchema } from '../../collection-options.ts';
import { statusAnswer, summaryAnswer } from '../../collection-status.ts';
import { nameFault } from '../../collections/names.ts';
import type { Result } from '../../failure.ts';
import { askedFor, askedToChange, callerOf, readJson } from '../collection-request.ts';
import type { AppEnv } from '../env.ts';
import { problemResponse } from '../problem.ts';
import type { Services } from '../services.ts';

export function collectionsRoute({ guard, settings, collections }: Services): Hono<AppEnv> {
  async function make(c: Context<AppEnv>): Promise<Response> {
    const asked = askedToChange(c, settings);
    const name = c.req.param('name') ?? '';
    if (!asked.ok && asked.failure.code !== 'collection_unknown') return problemResponse(c, asked.failure);
    const fault = nameFault(name);
    if (fault !== undefined) return problemResponse(c, fault);
    const given = await readJson(c, makeSchema);
    if (!given.ok) return problemResponse(c, given.failure);
    const caller = callerOf(c);
    const { shared, shards } = given.value;
    const made = await collections.make(caller, name, { shared, shards });
    if (!made.ok) return problemResponse(c, made.failure);
    const status = await collections.status({ owner: caller, name }, caller);
    if (!status.ok) return problemResponse(c, status.failure);
    return c.json(statusAnswer(status.value, caller), made.value.value === 'created' ? 201 : 200);
  }

  async function list(c: Context<AppEnv>): Promise<Response> {
    const caller = callerOf(c);
    const all = await collections.list(caller);
    return respond(c, all, (summaries) => ({
      collections: summaries.map((summary) => summaryAnswer(summary, caller)),
    }));
  }

  async function see(c: Context<AppEnv>): Promise<Response> {
    const asked = askedFor(c);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const { reference, caller } = asked.value;
    const status = await collections.status(reference, caller);
    return respond(c, status, (value) => statusAnswer(value, caller));
  }

  async function train(c: Context<AppEnv>): Promise<Response> {
    const asked = askedToChange(c, settings);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const { reference, caller } = asked.value;
    const own = await collections.ready(reference, caller);
    if (!own.ok) return problemResponse(c, own.failure);
    const trained = await collections.train(reference, caller);
    return respond(c, trained, (value) => statusAnswer(value, caller));
  }

  async function forget(c: Context<AppEnv>): Promise<Response> {
    const asked = askedToChange(c, settings);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const gone = await collections.forget(asked.value.reference, asked.value.caller);
    return gone.ok ? c.body(null, 204) : problemResponse(c, gone.failure);
  }

  return new Hono<AppEnv>()
    .get('/', guard, list)
    .put('/:name', guard, make)
    .get('/:name', guard, see)
    .delete('/:name', guard, forget)
    .post('/:name/train', guard, train);
}

/** The answer, or the problem. */
export function respond<T>(c: Context<AppEnv>, result: Result<T>, answer: (value: T) => object): Response {
  return result.ok ? c.json(answer(result.value)) : problemResponse(c, result.failure);
}
