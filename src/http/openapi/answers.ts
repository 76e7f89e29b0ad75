/** The answers of operations in the document. */
import type { z } from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import type { FailureCode } from '../../failure.ts';
import { FAILURE_CODES, FAILURE_EXAMPLES } from '../../failure-examples.ts';
import { describe } from '../../problem.ts';
import { problemSchema } from '../../problem-details.ts';
import type { FailureFormat } from '../failure-format.ts';
import { PROBLEM } from '../problem.ts';

const EXAMPLE_REQUEST_ID = '0b5f2c1e-7c1d-4f0a-9d6e-3a1f5b8c2d47';

export const requestId = {
  description: 'Id of the request in the log; a caller may choose it.',
  schema: { type: 'string' },
} as const;

/** A dialect's format of failures, and its schema. */
export interface ProblemFormat extends FailureFormat {
  readonly schema: z.ZodType;
}

/** A problem of each code in the native format. */
export const PROBLEM_EXAMPLES = Object.fromEntries(
  FAILURE_CODES.map((code) => [code, example(code, PROBLEM)]),
);

export type AnswerHeaders = NonNullable<ZodOpenApiResponseObject['headers']>;

/** @param headers in addition to those of every answer. */
export function json(
  description: string,
  schema: z.ZodType,
  headers?: AnswerHeaders,
): ZodOpenApiResponseObject {
  return answer(description, { 'application/json': { schema } }, headers);
}

export function answer(
  description: string,
  content: NonNullable<ZodOpenApiResponseObject['content']>,
  headers: AnswerHeaders = {},
): ZodOpenApiResponseObject {
  return { description, headers: { 'x-request-id': requestId, ...headers }, content };
}

/**
 * The failures with these codes, by status, each with an example whose name is the code.
 *
 * @param format of a dialect, if it is not problem details.
 */
export function problems(codes: readonly FailureCode[], format?: ProblemFormat): ZodOpenApiResponsesObject {
  const responses: ZodOpenApiResponsesObject = {};
  const byStatus = Map.groupBy(new Set(codes), (code) => describe(FAILURE_EXAMPLES[code]).status);
  for (const [status, same] of byStatus) responses[`${status}`] = problem(same, format);
  return responses;
}

function problem(codes: readonly FailureCode[], format?: ProblemFormat): ZodOpenApiResponseObject {
  const { schema, contentType } = format ?? { ...PROBLEM, schema: problemSchema };
  const examples = codes.map((code) => {
    const shown = format ? example(code, format) : { $ref: `#/components/examples/${code}` };
    return [code, shown] as const;
  });
  const names = codes.flatMap((code) => Object.keys(describe(FAILURE_EXAMPLES[code]).headers ?? {}));
  const headers = Object.fromEntries([...new Set(names)].map((name) => [name, { schema: requestId.schema }]));
  return {
    description: codes.map((code) => `\`${code}\``).join(', '),
    headers: { 'x-request-id': requestId, ...headers },
    content: { [contentType]: { schema, examples: Object.fromEntries(examples) } },
  };
}

function example(code: FailureCode, format: FailureFormat) {
  const failure = FAILURE_EXAMPLES[code];
  return { summary: describe(failure).title, value: format.body(failure, EXAMPLE_REQUEST_ID) };
}
