/** Headers about caches, ours and others', in answers and requests. */
import * as z from 'zod';
import type { ZodOpenApiResponsesObject } from 'zod-openapi';
import { CACHE_STATUS } from '../cache-status.ts';
import { type AnswerHeaders, requestId } from './answers.ts';

/** For answers about pictures. */
export const LOOKED_UP: AnswerHeaders = {
  'cache-status': {
    description:
      'Whether the answer came from the cache (RFC 9211): `fwd=bypass` if the cache was not used, ' +
      '`fwd=partial` if some of several pictures were cached.',
    schema: { type: 'string', enum: Object.values(CACHE_STATUS) },
  },
};

/** For answers that support conditional requests or comparison. */
export const TAGGED: AnswerHeaders = {
  etag: {
    description: 'A strong validator of the body, the same in every isolate.',
    schema: { type: 'string' },
  },
  'cache-control': {
    description: 'Which caches may store the answer, and for how long.',
    schema: { type: 'string' },
  },
};

/** For GET requests. */
export const CONDITION = z.object({
  'if-none-match': z
    .string()
    .optional()
    .describe('The `etag` of an answer that the caller has, a list of them, or `*`.'),
});

/** @param headers in addition to those of every such answer. */
export function notModified(headers: AnswerHeaders = {}): ZodOpenApiResponsesObject {
  const description = 'The caller already has this answer.';
  return { 304: { description, headers: { 'x-request-id': requestId, ...TAGGED, ...headers } } };
}
