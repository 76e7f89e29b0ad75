/** The TensorFlow Serving dialect in the document. */
import * as z from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathItemObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { MODEL } from '../../answer.ts';
import { topKOptionsSchema } from '../dialects/predictions.ts';
import { classifyBodySchema, predictBodySchema } from '../dialects/tfserving/instances.ts';
import { json, problems } from './answers.ts';
import { LOOKED_UP } from './caching.ts';
import { BODY, GUARDED, IMAGE, JSON_BODY, TAUGHT_MODEL } from './codes.ts';
import { EXAMPLES } from './examples.ts';
import { OPTIONAL_KEY, TAGS } from './texts.ts';

const name = {
  model: z
    .string()
    .describe("The network's name, a collection of yours, or OWNER%2FNAME where one is shared.")
    .meta({ param: { example: MODEL.name } }),
};
const version = {
  version: z
    .string()
    .describe('1 for the network; for a collection, its version.')
    .meta({ param: { example: '1' } }),
};

const logits = z
  .array(z.array(z.number()).length(1001))
  .describe('For the network: 1001 logits for each instance.');

/** Named explicitly, because generators would give both the same name. */
const judgementSchema = z
  .object({
    classes: z.array(z.string()),
    scores: z.array(z.number()),
    unknown: z.boolean(),
    similarity: z.number(),
  })
  .meta({
    id: 'TfJudgement',
    description:
      'What a collection says of an instance: every label with its probability, in the order of their names.',
  });

const judgementsSchema = z
  .object({
    classes: z.array(z.array(z.string())),
    scores: z.array(z.array(z.number())),
    unknown: z.array(z.boolean()),
    similarity: z.array(z.number()),
  })
  .meta({ id: 'TfJudgements', description: 'The same in columns.' });

const predictedSchema = z
  .union([
    z.object({ predictions: z.union([logits, z.array(judgementSchema)]) }),
    z.object({ outputs: z.union([logits, judgementsSchema]) }),
  ])
  .meta({ id: 'TfPredictions' });

const classifiedSchema = z
  .object({
    results: z.array(z.array(z.tuple([z.string(), z.number()]))),
    unknown: z
      .array(z.boolean())
      .exactOptional()
      .describe('Only for a collection: whether each picture resembles none of its labels.'),
  })
  .meta({ id: 'TfClassifications' });

const statusSchema = z
  .object({
    model_version_status: z
      .array(
        z.object({
          version: z.string(),
          state: z.string(),
          status: z.object({ error_code: z.string(), error_message: z.string() }),
        }),
      )
      .describe(
        'Status of the versions that a path may name, beginning with the one that answers; or only of the one that the path names.',
      ),
  })
  .meta({ id: 'TfModelStatus' });

const metadataSchema = z
  .object({
    model_spec: z.object({ name: z.string(), signature_name: z.string(), version: z.string() }),
    metadata: z.looseObject({}),
  })
  .meta({ id: 'TfModelMetadata' });

function about(operationId: string, summary: string, schema: z.ZodType, path: z.ZodObject) {
  return {
    get: {
      operationId,
      tags: [TAGS.tfServing],
      summary,
      security: OPTIONAL_KEY,
      requestParams: { path },
      responses: { 200: json('About the model.', schema), ...problems([...GUARDED, ...TAUGHT_MODEL]) },
    },
  };
}

const CODES = [
  ...GUARDED,
  ...TAUGHT_MODEL,
  ...BODY,
  ...JSON_BODY,
  'base64_invalid',
  'batch_too_many_items',
] as const;

function call(
  operationId: string,
  summary: string,
  body: { readonly schema: z.ZodType; readonly example: object },
  responses: ZodOpenApiOperationObject['responses'],
  requestParams: NonNullable<ZodOpenApiOperationObject['requestParams']>,
): ZodOpenApiPathItemObject {
  return {
    post: {
      operationId,
      tags: [TAGS.tfServing],
      summary,
      security: OPTIONAL_KEY,
      requestParams,
      requestBody: { required: true, content: { 'application/json': body } },
      responses,
    },
  };
}

function predict(operationId: string, path: z.ZodObject) {
  const responses = {
    200: json(
      'The logits, as the published model gives them; or what a collection says.',
      predictedSchema,
      LOOKED_UP,
    ),
    ...problems([...CODES, ...IMAGE]),
  };
  const body = { schema: predictBodySchema, example: EXAMPLES.tfPredict };
  return call(operationId, 'Outputs of tensors or pictures', body, responses, { path });
}

function classify(operationId: string, path: z.ZodObject) {
  const responses = {
    200: json('Labels with their probability, best first.', classifiedSchema, LOOKED_UP),
    ...problems([...CODES, ...IMAGE, 'option_invalid']),
  };
  const params = { path, query: topKOptionsSchema };
  const body = { schema: classifyBodySchema, example: EXAMPLES.tfClassify };
  return call(operationId, 'Labels of tensors or pictures', body, responses, params);
}

const MODEL_PATH = '/tf/v1/models/{model}';
const VERSION_PATH = `${MODEL_PATH}/versions/{version}`;
const any = z.object(name);
const one = z.object({ ...name, ...version });

export const tfServingPaths: ZodOpenApiPathsObject = {
  [MODEL_PATH]: about('tfStatus', 'Status', statusSchema, any),
  [VERSION_PATH]: about('tfVersionStatus', 'Status of a version', statusSchema, one),
  [`${MODEL_PATH}/metadata`]: about('tfMetadata', 'Signature', metadataSchema, any),
  [`${VERSION_PATH}/metadata`]: about('tfVersionMetadata', 'Signature of a version', metadataSchema, one),
  [`${MODEL_PATH}:predict`]: predict('tfPredict', any),
  [`${VERSION_PATH}:predict`]: predict('tfVersionPredict', one),
  [`${MODEL_PATH}:classify`]: classify('tfClassify', any),
  [`${VERSION_PATH}:classify`]: classify('tfVersionClassify', one),
};
