/**
 * Failures over HTTP: RFC 9457 problem details, plus `code` (stable, for machines), `error` (the same text
 * as `detail`: Hugging Face, Open Inference Protocol and TensorFlow Serving clients read it) and
 * `request_id`.
 */
import type { Context } from 'hono';
import * as z from 'zod';
import type { Failure } from '../failure.ts';
import { FAILURE_CODES } from '../failure-examples.ts';
import { describe } from '../problem.ts';
import type { AppEnv } from './env.ts';
import type { FailureFormat } from './failure-format.ts';

export const problemSchema = z
  .object({
    type: z.string().describe('Where the documentation explains the code.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What was wrong, what the limit is and what to do.'),
    code: z.enum(FAILURE_CODES).describe('Stable, for machines.'),
    error: z.string().describe('The same as `detail`, for clients that look for it here.'),
    request_id: z.string().describe('As in the header `x-request-id`.'),
  })
  .readonly()
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457).' });

export type ProblemDetails = z.infer<typeof problemSchema>;

/** The problem as it stands in a body, also in the items of a batch. */
export function problemDetails(failure: Failure, requestId: string): ProblemDetails {
  const { status, title, detail } = describe(failure);
  return {
    type: `/docs#${failure.code}`,
    title,
    status,
    detail,
    code: failure.code,
    error: detail,
    request_id: requestId,
  };
}

export const PROBLEM: FailureFormat = { contentType: 'application/problem+json', body: problemDetails };

/** The answer to a failed request, in the format of its dialect. */
export function problemResponse(c: Context<AppEnv>, failure: Failure): Response {
  const { status, headers } = describe(failure);
  const format = c.get('failureFormat') ?? PROBLEM;
  c.get('record').code = failure.code;
  const body = JSON.stringify(format.body(failure, c.get('requestId')));
  return c.body(body, status, { 'content-type': format.contentType, ...headers });
}
