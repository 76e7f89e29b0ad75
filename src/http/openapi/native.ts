/** The native API: pictures in, facts out. */
import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { classificationSchema, embeddingSchema } from '../../answer.ts';
import { labelSchema } from '../../inference/labels.ts';
import { classifyOptionsSchema, embedOptionsSchema } from '../../options.ts';
import { limitsSchema } from '../limits.ts';
import { modelCardSchema } from '../model-card.ts';
import { classifyQuerySchema } from '../options.ts';
import { batchLineSchema, batchSchema } from '../routes/batch.ts';
import { healthSchema } from '../routes/health.ts';
import { answer, json, problems } from './answers.ts';
import { BODY, FORM, GUARDED, IMAGE, JSON_BODY, URL_INPUT } from './codes.ts';
import { batchBody, pictureBody } from './requests.ts';
import { OPTIONAL_KEY, TAGS } from './texts.ts';

const PICTURE = problems([
  ...GUARDED,
  'option_invalid',
  ...BODY,
  ...JSON_BODY,
  'base64_invalid',
  ...URL_INPUT,
  ...FORM,
  'multipart_field_missing',
  ...IMAGE,
]);

export const nativePaths: ZodOpenApiPathsObject = {
  '/v1/classify': {
    post: {
      operationId: 'classify',
      tags: [TAGS.pictures],
      summary: 'What is in a picture',
      security: OPTIONAL_KEY,
      requestParams: { query: classifyQuerySchema },
      requestBody: pictureBody(classifyOptionsSchema),
      responses: { 200: json('The classes with the highest scores.', classificationSchema), ...PICTURE },
    },
    get: {
      operationId: 'classifyUrl',
      tags: [TAGS.pictures],
      summary: 'What is in the picture at a URL',
      security: OPTIONAL_KEY,
      requestParams: {
        query: classifyQuerySchema.extend({ url: z.url().describe('The address of a picture.') }),
      },
      responses: {
        200: json('The classes with the highest scores.', classificationSchema),
        ...problems([...GUARDED, 'option_invalid', ...URL_INPUT, ...IMAGE]),
      },
    },
  },
  '/v1/embed': {
    post: {
      operationId: 'embed',
      tags: [TAGS.pictures],
      summary: 'The feature vector of a picture',
      description: 'Pictures that look alike have vectors whose cosine is near 1.',
      security: OPTIONAL_KEY,
      requestParams: { query: embedOptionsSchema },
      requestBody: pictureBody(embedOptionsSchema),
      responses: { 200: json('1024 numbers.', embeddingSchema), ...PICTURE },
    },
  },
  '/v1/batch': {
    post: {
      operationId: 'batch',
      tags: [TAGS.pictures],
      summary: 'What is in each of many pictures',
      description:
        'One result or one problem each, in order; a picture that cannot be read fails alone. Ask for ' +
        '`application/x-ndjson` to get each as soon as it is there. What breaks the batch itself off is ' +
        'the last line then, and the whole answer otherwise.',
      security: OPTIONAL_KEY,
      requestParams: { query: classifyQuerySchema },
      requestBody: batchBody(),
      responses: {
        200: answer('The batch could be read, even if no picture in it could.', {
          'application/json': { schema: batchSchema },
          'application/x-ndjson': { schema: batchLineSchema },
        }),
        ...problems([...GUARDED, 'option_invalid', ...BODY, ...JSON_BODY, ...FORM, 'batch_empty']),
      },
    },
  },
  '/v1/labels': {
    get: {
      operationId: 'labels',
      tags: [TAGS.facts],
      summary: 'The 1000 classes',
      responses: {
        200: json('In the order of their index.', z.array(labelSchema)),
        ...problems(['internal']),
      },
    },
  },
  '/v1/model': {
    get: {
      operationId: 'model',
      tags: [TAGS.facts],
      summary: 'The model card',
      responses: { 200: json('What the network is.', modelCardSchema), ...problems(['internal']) },
    },
  },
  '/v1/limits': {
    get: {
      operationId: 'limits',
      tags: [TAGS.facts],
      summary: 'Every limit in force',
      responses: { 200: json('As this deployment is set.', limitsSchema), ...problems(['internal']) },
    },
  },
  '/healthz': {
    get: {
      operationId: 'health',
      tags: [TAGS.facts],
      summary: 'Whether the service is up',
      requestParams: {
        query: z.object({
          ready: z.literal('1').optional().describe('Also make the session before answering.'),
        }),
      },
      responses: { 200: json('It is.', healthSchema), ...problems(['internal']) },
    },
  },
  '/openapi.json': {
    get: {
      operationId: 'openapi',
      tags: [TAGS.facts],
      summary: 'This document',
      responses: { 200: json('OpenAPI 3.1.', z.looseObject({})), ...problems(['internal']) },
    },
  },
  '/docs': {
    get: {
      operationId: 'docs',
      tags: [TAGS.facts],
      summary: 'This document as a page, and what every error code means',
      responses: {
        200: answer('A page.', { 'text/html': { schema: z.string() } }),
        ...problems(['internal']),
      },
    },
  },
};
