/** The Workers AI dialect in the document. */
import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { MODEL } from '../../answer.ts';
import { labelScoreSchema, topKOptionsSchema } from '../dialects/predictions.ts';
import { ENVELOPE, workersAiBodySchema } from '../dialects/workersai.ts';
import { json, problems } from './answers.ts';
import { LOOKED_UP } from './caching.ts';
import { BODY, GUARDED, IMAGE, JSON_BODY, TAUGHT_MODEL } from './codes.ts';
import { EXAMPLES } from './examples.ts';
import { rawPicture } from './requests.ts';
import { OPTIONAL_KEY, TAGS } from './texts.ts';

const answerSchema = z
  .object({
    result: z.array(labelScoreSchema),
    success: z.literal(true),
    errors: z.array(z.unknown()),
    messages: z.array(z.unknown()),
  })
  .meta({ id: 'WorkersAiAnswer' });

const problemSchema = z
  .object({
    success: z.literal(false),
    errors: z.array(z.object({ code: z.int(), message: z.string() })),
    result: z.null(),
    messages: z.array(z.unknown()),
  })
  .meta({ id: 'WorkersAiProblem' });

const path = z.object({
  account: z
    .string()
    .describe('Ignored.')
    .meta({ param: { example: 'any' } }),
  model: z
    .string()
    .describe(
      'The name of the model itself, a configured alias, or `@me/NAME` for a collection of yours and `@me/OWNER/NAME` for ' +
        'one that is shared; slashes may be percent-encoded.',
    )
    .meta({ param: { example: MODEL.name } }),
});

export const workersAiPaths: ZodOpenApiPathsObject = {
  '/client/v4/accounts/{account}/ai/run/{model}': {
    post: {
      operationId: 'workersAiRun',
      tags: [TAGS.workersAi],
      summary: 'Run an image classifier',
      security: OPTIONAL_KEY,
      requestParams: { query: topKOptionsSchema, path },
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: workersAiBodySchema, example: EXAMPLES.workersAi },
          ...rawPicture,
        },
      },
      responses: {
        200: json('Best first.', answerSchema, LOOKED_UP),
        ...problems([...GUARDED, 'option_invalid', ...BODY, ...JSON_BODY, ...IMAGE, ...TAUGHT_MODEL], {
          ...ENVELOPE,
          schema: problemSchema,
        }),
      },
    },
  },
};
