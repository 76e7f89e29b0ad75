/** `/v1/jobs`: pictures of a bucket by the hundred thousand. */
import { type Context, Hono } from 'hono';
import type { Result } from '../../failure.ts';
import { readBody } from '../../input/body.ts';
import { checkFields, parseBody } from '../../input/json.ts';
import { jobBindingsOf } from '../../jobs/bindings.ts';
import { createJobs, type Jobs } from '../../jobs/jobs.ts';
import { type JobRequest, jobRequestSchema } from '../../jobs/schemas.ts';
import { ANONYMOUS } from '../../settings-lists.ts';
import { type AppEnv, bindingsOf } from '../env.ts';
import { NDJSON } from '../ndjson.ts';
import { problemResponse } from '../problem.ts';
import type { Services } from '../services.ts';

/** Limit of a body: a prefix or two and some options. */
const MAX_REQUEST_BYTES = 64 * 1024;

/** The header for the cursor of the next page. */
export const CURSOR_HEADER = 'x-next-cursor';

/** An operation of a route for its caller. */
type Act = (jobs: Jobs, caller: string, c: Context<AppEnv>) => Promise<Response>;

export function jobsRoute({ guard, settings, collections }: Services): Hono<AppEnv> {
  /** Behind the guard, like everything that calls an object or the bucket. */
  function handler(act: Act) {
    return async (c: Context<AppEnv>): Promise<Response> => {
      const bindings = jobBindingsOf(bindingsOf(c));
      if (bindings === undefined) return problemResponse(c, { code: 'jobs_off' });
      return act(createJobs(bindings, settings, collections), c.get('record').caller ?? ANONYMOUS, c);
    };
  }

  return new Hono<AppEnv>()
    .post('/', guard, handler(start))
    .get(
      '/',
      guard,
      handler(async (jobs, caller, c) => answered(c, await jobs.list(caller, c.req.query('cursor')))),
    )
    .get(
      '/:id',
      guard,
      handler(async (jobs, caller, c) => answered(c, await jobs.get(caller, idOf(c)))),
    )
    .post(
      '/:id/cancel',
      guard,
      handler(async (jobs, caller, c) => answered(c, await jobs.cancel(caller, idOf(c)))),
    )
    .post(
      '/:id/retry',
      guard,
      handler(async (jobs, caller, c) => answered(c, await jobs.retry(caller, idOf(c)), 202)),
    )
    .get('/:id/results', guard, handler(results));
}

async function start(jobs: Jobs, caller: string, c: Context<AppEnv>): Promise<Response> {
  const request = await requestOf(c);
  if (!request.ok) return problemResponse(c, request.failure);
  const job = await jobs.start(caller, request.value);
  if (job.ok) c.header('location', `/v1/jobs/${job.value.id}`);
  return answered(c, job, 202);
}

async function results(jobs: Jobs, caller: string, c: Context<AppEnv>): Promise<Response> {
  const page = await jobs.results(caller, idOf(c), c.req.query('cursor'));
  if (!page.ok) return problemResponse(c, page.failure);
  const { body, cursor } = page.value;
  const next = cursor === undefined ? {} : { [CURSOR_HEADER]: cursor };
  return c.body(body, 200, { 'content-type': NDJSON, ...next });
}

async function requestOf(c: Context<AppEnv>): Promise<Result<JobRequest>> {
  const { timeoutSeconds, hold } = c.get('work').limits;
  const body = await readBody(c.req.raw, { maxBytes: MAX_REQUEST_BYTES, timeoutSeconds, hold });
  if (!body.ok) return body;
  const json = parseBody(body.value, hold);
  return json.ok ? checkFields(jobRequestSchema, json.value) : json;
}

function idOf(c: Context<AppEnv>): string {
  return c.req.param('id') ?? '';
}

function answered(c: Context<AppEnv>, result: Result<object>, status: 200 | 202 = 200): Response {
  return result.ok ? c.json(result.value, status) : problemResponse(c, result.failure);
}
