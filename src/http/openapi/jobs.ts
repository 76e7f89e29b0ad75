/** Jobs in the document. */
import * as z from 'zod';
import type { ZodOpenApiPathItemObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { resultLineSchema } from '../../jobs/result-line.ts';
import { jobListSchema, jobRequestSchema, jobSchema } from '../../jobs/schemas.ts';
import { CURSOR_HEADER } from '../routes/jobs.ts';
import { answer, json, problems } from './answers.ts';
import { BODY, GUARDED, JSON_BODY } from './codes.ts';
import { EXAMPLES } from './examples.ts';
import { OPTIONAL_KEY, TAGS } from './texts.ts';

const tags = [TAGS.jobs];

const path = z.object({
  id: z
    .string()
    .describe('The id of the job.')
    .meta({ param: { example: 'job_3f2a9c4e5b6d47f08a1b2c3d4e5f6071' } }),
});

const cursor = z
  .string()
  .optional()
  .describe('The cursor from the previous answer.')
  // Otherwise the reference page would fill in "string".
  .meta({ example: '' });

const OWN = [...GUARDED, 'jobs_off', 'right_missing', 'job_unknown'] as const;

export const jobPaths: ZodOpenApiPathsObject = {
  '/v1/jobs': {
    post: {
      operationId: 'startJob',
      tags,
      summary: 'Start a job over a prefix of the bucket',
      description:
        'Every object whose key begins with the prefix gets one line in the results, but for folders and what jobs ' +
        'themselves have written. The bucket is that of the deployment.',
      security: OPTIONAL_KEY,
      requestBody: {
        required: true,
        content: { 'application/json': { schema: jobRequestSchema, example: EXAMPLES.job } },
      },
      responses: {
        202: json('The job.', jobSchema, {
          location: { description: 'The URL of the job.', schema: { type: 'string' } },
        }),
        ...problems([
          ...GUARDED,
          'jobs_off',
          'right_missing',
          ...BODY.filter((code) => code !== 'body_mangled'),
          ...JSON_BODY,
          'option_invalid',
          'too_many_jobs',
          'collections_off',
          'collection_unknown',
          'collection_untaught',
          'collection_busy',
          'collection_newer',
          'embedding_space_differs',
        ]),
      },
    },
    get: {
      operationId: 'jobs',
      tags,
      summary: "The caller's jobs",
      security: OPTIONAL_KEY,
      requestParams: { query: z.object({ cursor }) },
      responses: {
        200: json('The newest first.', jobListSchema),
        ...problems([...GUARDED, 'jobs_off', 'right_missing', 'option_invalid']),
      },
    },
  },
  '/v1/jobs/{id}': {
    get: {
      operationId: 'job',
      tags,
      summary: 'The progress of a job',
      security: OPTIONAL_KEY,
      requestParams: { path },
      responses: { 200: json('The job.', jobSchema), ...problems(OWN) },
    },
  },
  '/v1/jobs/{id}/cancel': act(
    'cancelJob',
    'Stop a job',
    'Chunks under way are finished and counted. Results stay, and `retry` resumes it.',
    200,
    OWN,
  ),
  '/v1/jobs/{id}/retry': act(
    'retryJob',
    'Try failed pictures again',
    'Also resumes a job that was cancelled, or whose bucket could not be listed.',
    202,
    [...OWN, 'too_many_jobs'],
  ),
  '/v1/jobs/{id}/results': {
    get: {
      operationId: 'jobResults',
      tags,
      summary: 'The results so far',
      description:
        'A line for each picture, in the order of keys. While the job runs, a page ends before the first picture that ' +
        'is not done.',
      security: OPTIONAL_KEY,
      requestParams: { path, query: z.object({ cursor }) },
      responses: {
        200: answer(
          `Lines. The header \`${CURSOR_HEADER}\` has the cursor of the next page; there will be no more without it.`,
          { 'application/x-ndjson': { schema: resultLineSchema } },
        ),
        ...problems([...OWN, 'option_invalid']),
      },
    },
  },
};

function act(
  operationId: string,
  summary: string,
  description: string,
  status: 200 | 202,
  codes: Parameters<typeof problems>[0],
): ZodOpenApiPathItemObject {
  return {
    post: {
      operationId,
      tags,
      summary,
      description,
      security: OPTIONAL_KEY,
      requestParams: { path },
      responses: { [status]: json('The job.', jobSchema), ...problems(codes) },
    },
  };
}
