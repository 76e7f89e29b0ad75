/**
 * Failures over HTTP: RFC 9457 problem details, plus `code` (stable, for programs), `error` (the same text as `detail`,
 * which clients of Hugging Face, Open Inference Protocol and TensorFlow Serving read) and `request_id`.
 */
import type { Context } from 'hono';
import type { Failure } from '../failure.ts';
import { describe } from '../problem.ts';
import { problemDetails } from '../problem-details.ts';
import type { AppEnv } from './env.ts';
import type { FailureFormat } from './failure-format.ts';

export const PROBLEM: FailureFormat = { contentType: 'application/problem+json', body: problemDetails };

/** The answer to a failed request, in the format of its dialect. */
export function problemResponse(c: Context<AppEnv>, failure: Failure): Response {
  const { status, headers } = describe(failure);
  const format = c.get('failureFormat') ?? PROBLEM;
  c.get('record').code = failure.code;
  const body = JSON.stringify(format.body(failure, c.get('requestId')));
  return c.body(body, status, { 'content-type': format.contentType, ...headers });
}
