/** What answers say about caches, ours and others', and what callers ask with. */
import * as z from 'zod';
import type { ZodOpenApiResponsesObject } from 'zod-openapi';
import { CACHE_STATUS } from '../cache-status.ts';
import { type AnswerHeaders, requestId } from './answers.ts';

/** Of answers about pictures. */
export const LOOKED_UP: AnswerHeaders = {
  'cache-status': {
    description:
      'Whether what the answer is made of was known already (RFC 9211): `fwd=bypass` where nobody looked, ' +
      '`fwd=partial` where some of several pictures were known.',
    schema: { type: 'string', enum: Object.values(CACHE_STATUS) },
  },
};

/** Of answers that can be asked for with a condition, or compared. */
export const TAGGED: AnswerHeaders = {
  etag: { description: 'Of the body: strong, and the same from every isolate.', schema: { type: 'string' } },
  'cache-control': { description: 'Who may keep the answer, and how long.', schema: { type: 'string' } },
};

/** Of requests with GET. */
export const CONDITION = z.object({
  'if-none-match': z
    .string()
    .optional()
    .describe('The `etag` of an answer that the caller has, a list of them, or `*`.'),
});

/** @param headers besides those of every such answer. */
export function notModified(headers: AnswerHeaders = {}): ZodOpenApiResponsesObject {
  const description = 'The answer is one that the caller has.';
  return { 304: { description, headers: { 'x-request-id': requestId, ...TAGGED, ...headers } } };
}
