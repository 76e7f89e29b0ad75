/** The native API in the document. */
import * as z from 'zod';
import type { ZodOpenApiPathItemObject, ZodOpenApiPathsObject, ZodOpenApiResponseObject } from 'zod-openapi';
import { classificationSchema, embeddingSchema } from '../../answer.ts';
import { collectionClassificationSchema } from '../../collection-answer.ts';
import { collectionChoice } from '../../collection-options.ts';
import type { FailureCode } from '../../failure.ts';
import { labelSchema } from '../../inference/labels.ts';
import { groupSchema } from '../../inference/taxonomy.ts';
import { classifyOptionsSchema, embedOptionsSchema } from '../../options.ts';
import { limitsSchema } from '../limits.ts';
import { modelCardSchema } from '../model-card.ts';
import { classifyQuerySchema } from '../options.ts';
import {
  batchLineSchema,
  batchSchema,
  collectionBatchSchema,
  embedBatchLineSchema,
  embedBatchSchema,
  lineSchemaOf,
} from '../routes/batch.ts';
import { healthSchema } from '../routes/health.ts';
import { answer, json, problems } from './answers.ts';
import { CONDITION, LOOKED_UP, notModified, TAGGED } from './caching.ts';
import { BODY, COLLECTION, FORM, GUARDED, IMAGE, JSON_BODY, ONE_PICTURE, URL_INPUT } from './codes.ts';
import { EXAMPLES } from './examples.ts';
import { batchBody, pictureBody } from './requests.ts';
import { OPTIONAL_KEY, TAGS } from './texts.ts';

const OF_PICTURE: readonly FailureCode[] = [...GUARDED, ...ONE_PICTURE];
const PICTURE = problems(OF_PICTURE);
const PICTURE_OR_COLLECTION = problems([...OF_PICTURE, ...COLLECTION]);

const CLASSIFY = {
  text: classifyQuerySchema.extend(collectionChoice),
  json: classifyOptionsSchema.extend(collectionChoice),
};
const CLASSIFIED = z.union([classificationSchema, collectionClassificationSchema]);
const CLASSIFIED_LINE = z.union([batchLineSchema, lineSchemaOf(collectionClassificationSchema)]);
const CLASSIFIED_TEXT =
  'The classes with the highest scores, and tags; or the labels of the collection that is named.';

const EMBED = { text: embedOptionsSchema, json: embedOptionsSchema };

const SEEN = { ...LOOKED_UP, ...TAGGED };

export const nativePaths: ZodOpenApiPathsObject = {
  '/v1/classify': {
    post: {
      operationId: 'classify',
      tags: [TAGS.pictures],
      summary: 'What is in a picture',
      security: OPTIONAL_KEY,
      requestParams: { query: CLASSIFY.text },
      requestBody: pictureBody(CLASSIFY, EXAMPLES.classify),
      responses: {
        200: json(CLASSIFIED_TEXT, CLASSIFIED, SEEN),
        ...PICTURE_OR_COLLECTION,
      },
    },
    get: {
      operationId: 'classifyUrl',
      tags: [TAGS.pictures],
      summary: 'What is in the picture at a URL',
      security: OPTIONAL_KEY,
      requestParams: {
        query: CLASSIFY.text.extend({
          url: z
            .url()
            .describe('The URL of a picture.')
            .meta({ param: { example: 'https://example.com/photo.jpg' } }),
        }),
        header: CONDITION,
      },
      responses: {
        200: json(CLASSIFIED_TEXT, CLASSIFIED, SEEN),
        ...notModified(LOOKED_UP),
        ...problems([...GUARDED, 'option_invalid', ...URL_INPUT, ...IMAGE, ...COLLECTION]),
      },
    },
  },
  '/v1/embed': {
    post: {
      operationId: 'embed',
      tags: [TAGS.pictures],
      summary: 'The feature vector of a picture',
      description:
        'The cosine of two of them says how much the network sees the same in both pictures: 0.7 or more for most ' +
        'copies of a photo, 0.2 to 0.5 for related things, below 0.1 for most photos that have nothing to do with each other.',
      security: OPTIONAL_KEY,
      requestParams: { query: embedOptionsSchema },
      requestBody: pictureBody(EMBED, EXAMPLES.embed),
      responses: { 200: json('1024 numbers.', embeddingSchema, SEEN), ...PICTURE },
    },
  },
  '/v1/batch': batch('batch', 'What is in each of many pictures', CLASSIFY, EXAMPLES.batch, {
    'application/json': { schema: z.union([batchSchema, collectionBatchSchema]) },
    'application/x-ndjson': { schema: CLASSIFIED_LINE },
  }),
  '/v1/embed/batch': batch(
    'embedBatch',
    'The feature vector of each of many pictures',
    EMBED,
    EXAMPLES.embedBatch,
    {
      'application/json': { schema: embedBatchSchema },
      'application/x-ndjson': { schema: embedBatchLineSchema },
    },
  ),
  '/v1/labels': fact(
    'labels',
    'The 1000 classes',
    facts('In the order of their index.', z.array(labelSchema)),
  ),
  '/v1/groups': fact(
    'groups',
    'The groups of the classes',
    facts('Each group comes after its parent.', z.array(groupSchema)),
  ),
  '/v1/model': fact('model', 'The model card', facts('What the network is.', modelCardSchema)),
  '/v1/limits': fact(
    'limits',
    'Every limit in force',
    facts('As this deployment is configured.', limitsSchema),
  ),
  '/healthz': {
    get: {
      operationId: 'health',
      tags: [TAGS.facts],
      summary: 'Whether the service is up',
      requestParams: {
        query: z.object({
          ready: z.literal('1').optional().describe('Also start the network before answering.'),
        }),
      },
      responses: { 200: json('The service is up.', healthSchema), ...problems(['internal']) },
    },
  },
  '/openapi.json': fact('openapi', 'This document', facts('OpenAPI 3.1.', z.looseObject({}))),
  '/docs': fact(
    'docs',
    'This document as a page, and what every error code means',
    answer('A page.', { 'text/html': { schema: z.string() } }, TAGGED),
  ),
};

/** One result or one problem for each of many pictures. */
function batch(
  operationId: string,
  summary: string,
  options: typeof CLASSIFY | typeof EMBED,
  example: object,
  content: NonNullable<ZodOpenApiResponseObject['content']>,
): ZodOpenApiPathItemObject {
  return {
    post: {
      operationId,
      tags: [TAGS.pictures],
      summary,
      description:
        'One result or one problem each, in order; a picture that cannot be read fails alone. Accept ' +
        '`application/x-ndjson` to get each as soon as it is ready. A failure of the whole batch is ' +
        'then the last line, and otherwise the whole answer.',
      security: OPTIONAL_KEY,
      requestParams: { query: options.text },
      requestBody: batchBody(options, example),
      responses: {
        200: answer(
          'The batch could be read, even if no picture in it could. Lines are sent without `cache-status`.',
          content,
          LOOKED_UP,
        ),
        ...problems([
          ...GUARDED,
          'option_invalid',
          ...BODY,
          ...JSON_BODY,
          ...FORM,
          'batch_empty',
          'image_format_unsupported',
          ...(options === CLASSIFY ? COLLECTION : []),
        ]),
      },
    },
  };
}

function facts(description: string, schema: z.ZodType): ZodOpenApiResponseObject {
  return json(description, schema, TAGGED);
}

/** Answers that are the same for everybody until the next deployment. */
function fact(
  operationId: string,
  summary: string,
  answered: ZodOpenApiResponseObject,
): ZodOpenApiPathItemObject {
  return {
    get: {
      operationId,
      tags: [TAGS.facts],
      summary,
      requestParams: { header: CONDITION },
      responses: { 200: answered, ...notModified(), ...problems(['internal']) },
    },
  };
}
