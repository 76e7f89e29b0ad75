/** `/v1/collections/{name}/versions`: the kept versions of a collection, and activating them. */
import { type Context, Hono } from 'hono';
import type { Changed } from '../../collections/facts.ts';
import type { HeadVersion } from '../../collections/head-versions.ts';
import { fail, ok, type Result } from '../../failure.ts';
import { headVersionSchema } from '../../transfer/options.ts';
import { versionsAnswer } from '../../transfer/version-answer.ts';
import { type Asked, askedFor, askedToChange } from '../collection-request.ts';
import type { AppEnv } from '../env.ts';
import { problemResponse } from '../problem.ts';
import type { Services } from '../services.ts';
import { respond } from './collections.ts';

/** In place of a number: always the newest, whatever is taught. */
export const LATEST = 'latest';

export function versionsRoute({ guard, settings, collections }: Services): Hono<AppEnv> {
  async function list(c: Context<AppEnv>): Promise<Response> {
    const asked = askedFor(c);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const { reference, caller } = asked.value;
    return answered(c, asked.value, await collections.versions(reference, caller));
  }

  async function activate(c: Context<AppEnv>): Promise<Response> {
    const asked = askedToChange(c, settings);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const { reference, caller } = asked.value;
    const version = c.req.param('version') === LATEST ? ok(undefined) : versionIn(c);
    if (!version.ok) return problemResponse(c, version.failure);
    return answered(c, asked.value, await collections.activate(reference, caller, version.value));
  }

  async function forget(c: Context<AppEnv>): Promise<Response> {
    const asked = askedToChange(c, settings);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const { reference, caller } = asked.value;
    const version = versionIn(c);
    if (!version.ok) return problemResponse(c, version.failure);
    return answered(c, asked.value, await collections.forgetVersion(reference, caller, version.value));
  }

  return new Hono<AppEnv>()
    .get('/:name/versions', guard, list)
    .post('/:name/versions/:version/activate', guard, activate)
    .delete('/:name/versions/:version', guard, forget);
}

function versionIn(c: Context<AppEnv>): Result<number> {
  const version = headVersionSchema.safeParse(c.req.param('version'));
  return version.success
    ? ok(version.data)
    : fail({
        code: 'option_invalid',
        option: 'version',
        reason: `a number, or ${LATEST} to activate the newest`,
      });
}

function answered(c: Context<AppEnv>, { name }: Asked, result: Result<Changed<HeadVersion[]>>): Response {
  return respond(c, result, (value) => versionsAnswer(value, name));
}
