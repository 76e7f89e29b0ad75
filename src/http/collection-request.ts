/** The collection that a request names, and the caller's right to use it; and small JSON bodies. */
import type { Context } from 'hono';
import type { z } from 'zod';
import { type Reference, referenceOf } from '../collections/names.ts';
import { mayTeach } from '../collections/rights.ts';
import { fail, ok, type Result } from '../failure.ts';
import { readBody } from '../input/body.ts';
import { checkFields, parseBody } from '../input/json.ts';
import type { Settings } from '../settings.ts';
import { ANONYMOUS } from '../settings-lists.ts';
import type { AppEnv } from './env.ts';

/** Limit of a body with an item's options: metadata has 4 KiB. */
const MAX_JSON_BYTES = 64 * 1024;

export interface Asked {
  readonly caller: string;
  readonly reference: Reference;
  /** The name as the caller gave it. */
  readonly name: string;
}

export function callerOf(c: Context<AppEnv>): string {
  return c.get('record').caller ?? ANONYMOUS;
}

/** The collection in the path. An invalid name is an unknown collection. */
export function askedFor(c: Context<AppEnv>): Result<Asked> {
  const caller = callerOf(c);
  const name = c.req.param('name') ?? '';
  const reference = referenceOf(name, caller);
  return reference ? ok({ caller, reference, name }) : fail({ code: 'collection_unknown' });
}

/** The same for requests that change it: checks the right first, then the ownership. */
export function askedToChange(c: Context<AppEnv>, settings: Settings): Result<Asked> {
  const right = mayTeach(settings, callerOf(c));
  if (!right.ok) return right;
  return askedFor(c);
}

/** A JSON body; an empty one counts as an empty object. */
export async function readJson<S extends z.ZodType>(
  c: Context<AppEnv>,
  schema: S,
): Promise<Result<z.output<S>>> {
  const { hold, timeoutSeconds } = c.get('work').limits;
  const body = await readBody(c.req.raw, { maxBytes: MAX_JSON_BYTES, timeoutSeconds, hold });
  if (!body.ok) return body.failure.code === 'body_missing' ? checkFields(schema, {}) : body;
  const value = parseBody(body.value, hold);
  return value.ok ? checkFields(schema, value.value) : value;
}
