/**
 * Problem details (RFC 9457) in bodies, in the items of a batch and in the results of a job. `error` is for clients
 * that look for the text there.
 */
import * as z from 'zod';
import type { Failure } from './failure.ts';
import { FAILURE_CODES } from './failure-examples.ts';
import { describe } from './problem.ts';

export const problemSchema = z.lazy(() =>
  z
    .object({
      type: z.string().describe('Where the documentation explains the code.'),
      title: z.string(),
      status: z.int(),
      detail: z.string().describe('What was wrong, what the limit is and what to do.'),
      code: z.enum(FAILURE_CODES).describe('Stable, for programs.'),
      error: z.string().describe('The same as `detail`, for clients that look for it here.'),
      request_id: z.string().describe('As in the header `x-request-id`.'),
    })
    .readonly()
    .meta({ id: 'Problem', description: 'Problem details (RFC 9457).' }),
);

export type ProblemDetails = z.infer<typeof problemSchema>;

/** The problem as part of a body, also in the items of a batch. */
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
