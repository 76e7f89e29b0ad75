/** The TensorFlow Serving dialect, as the document describes it. */
import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathItemObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { topKOptionsSchema } from '../dialects/predictions.ts';
import { classifyBodySchema, predictBodySchema } from '../dialects/tfserving/instances.ts';
import { json, problems } from './answers.ts';
import { LOOKED_UP } from './caching.ts';
import { BODY, GUARDED, IMAGE, JSON_BODY } from './codes.ts';
import { OPTIONAL_KEY, TAGS } from './texts.ts';

const name = { model: z.string().describe("The model's name.") };
const version = { version: z.string().describe('There is only 1.') };

const logits = z.array(z.array(z.number()).length(1001)).describe('1001 logits for each instance.');

const predictedSchema = z
  .union([z.object({ predictions: logits }), z.object({ outputs: logits })])
  .meta({ id: 'TfPredictions' });

const classifiedSchema = z
  .object({ results: z.array(z.array(z.tuple([z.string(), z.number()]))) })
  .meta({ id: 'TfClassifications' });

const statusSchema = z
  .object({
    model_version_status: z.array(
      z.object({
        version: z.string(),
        state: z.string(),
        status: z.object({ error_code: z.string(), error_message: z.string() }),
      }),
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
      requestParams: { path },
      responses: { 200: json('About the model.', schema), ...problems(['model_unknown', 'internal']) },
    },
  };
}

const CODES = [
  ...GUARDED,
  'model_unknown',
  ...BODY,
  ...JSON_BODY,
  'base64_invalid',
  'batch_too_many_items',
] as const;

function call(
  operationId: string,
  summary: string,
  body: z.ZodType,
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
      requestBody: { required: true, content: { 'application/json': { schema: body } } },
      responses,
    },
  };
}

function predict(operationId: string, path: z.ZodObject) {
  const responses = {
    200: json('The logits, as the published model gives them.', predictedSchema, LOOKED_UP),
    ...problems([...CODES, ...IMAGE]),
  };
  return call(operationId, 'Logits of tensors or pictures', predictBodySchema, responses, { path });
}

function classify(operationId: string, path: z.ZodObject) {
  const responses = {
    200: json('Labels with their probability, best first.', classifiedSchema, LOOKED_UP),
    ...problems([...CODES, ...IMAGE, 'option_invalid']),
  };
  const params = { path, query: topKOptionsSchema };
  return call(operationId, 'Labels of tensors or pictures', classifyBodySchema, responses, params);
}

const MODEL = '/tf/v1/models/{model}';
const VERSION = `${MODEL}/versions/{version}`;
const any = z.object(name);
const one = z.object({ ...name, ...version });

export const tfServingPaths: ZodOpenApiPathsObject = {
  [MODEL]: about('tfStatus', 'Status', statusSchema, any),
  [VERSION]: about('tfVersionStatus', 'Status of a version', statusSchema, one),
  [`${MODEL}/metadata`]: about('tfMetadata', 'Signature', metadataSchema, any),
  [`${VERSION}/metadata`]: about('tfVersionMetadata', 'Signature of a version', metadataSchema, one),
  [`${MODEL}:predict`]: predict('tfPredict', any),
  [`${VERSION}:predict`]: predict('tfVersionPredict', one),
  [`${MODEL}:classify`]: classify('tfClassify', any),
  [`${VERSION}:classify`]: classify('tfVersionClassify', one),
};
