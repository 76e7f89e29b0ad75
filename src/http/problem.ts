/**
 * Failures over HTTP: RFC 9457 problem details, plus `code` (stable, for machines), `error` (the same text
 * as `detail`: Hugging Face, Open Inference Protocol and TensorFlow Serving clients read it) and
 * `request_id`.
 */
import type { Context } from 'hono';
import type { Failure, FailureCode } from '../failure.ts';
import { describe } from '../problem.ts';
import type { AppEnv } from './env.ts';

export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: FailureCode;
  readonly error: string;
  readonly request_id: string;
}

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

/** How a failure is written down. */
export interface FailureFormat {
  readonly contentType: string;
  readonly body: (failure: Failure, requestId: string) => object;
}

const PROBLEM: FailureFormat = { contentType: 'application/problem+json', body: problemDetails };

/** The answer to a failed request, in the format of its dialect. */
export function problemResponse(c: Context<AppEnv>, failure: Failure): Response {
  const { status, headers } = describe(failure);
  const format = c.get('failureFormat') ?? PROBLEM;
  const body = JSON.stringify(format.body(failure, c.get('requestId')));
  return c.body(body, status, { 'content-type': format.contentType, ...headers });
}
