/** The Open Inference Protocol in the document. */
import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { HEADER_LENGTH } from '../dialects/openinference/binary.ts';
import { IMAGE_MODEL, MODEL_VERSION } from '../dialects/openinference/models.ts';
import { indexAnswerSchema, indexSchema } from '../dialects/openinference/repository.ts';
import { requestSchema } from '../dialects/openinference/schema.ts';
import { answer, json, problems } from './answers.ts';
import { BODY, GUARDED, IMAGE, JSON_BODY, TAUGHT_MODEL } from './codes.ts';
import { EXAMPLES } from './examples.ts';
import { OPTIONAL_KEY, TAGS } from './texts.ts';

const tags = [TAGS.openInference];
const name = {
  model: z
    .string()
    .describe(
      "The network's name, a collection of yours, or OWNER%2FNAME where one is shared; for image files with `_image` appended.",
    )
    .meta({ param: { example: IMAGE_MODEL.name } }),
};
const version = {
  version: z
    .string()
    .describe('1 for the network; for a collection, its version.')
    .meta({ param: { example: MODEL_VERSION } }),
};

const serverSchema = z
  .object({ name: z.string(), version: z.string(), extensions: z.array(z.string()) })
  .meta({ id: 'OipServer' });

const liveSchema = z.object({ live: z.literal(true) }).meta({ id: 'OipLive' });
const readySchema = liveSchema.extend({ ready: z.literal(true) }).meta({ id: 'OipReady' });
const modelReadySchema = z.object({ name: z.string(), ready: z.literal(true) }).meta({ id: 'OipModelReady' });

const tensorSchema = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.int()) });

const modelSchema = z
  .object({
    name: z.string(),
    versions: z
      .array(z.string())
      .describe(
        'Versions that a path may name, beginning with the one that answers; or only the one that the path names.',
      ),
    platform: z.string(),
    inputs: z.array(tensorSchema),
    outputs: z.array(tensorSchema),
  })
  .meta({ id: 'OipModel' });

const inferenceSchema = z
  .object({
    model_name: z.string(),
    model_version: z.string(),
    id: z.string().optional(),
    outputs: z.array(
      tensorSchema.extend({
        data: z.array(z.union([z.number(), z.string(), z.boolean()])).optional(),
        parameters: z.object({ binary_data_size: z.int() }).optional(),
      }),
    ),
  })
  .meta({ id: 'OipInference' });

const binary = z
  .file()
  .describe('JSON, as long as the header Inference-Header-Content-Length says, then tensors.');

/** For the binary extension. */
const header = z.object({
  [HEADER_LENGTH]: z
    .int()
    .min(0)
    .optional()
    .describe('Bytes of JSON before the binary tensors; 0 if the body is the data of the only input.'),
});

const INFER_CODES = [
  ...GUARDED,
  ...TAUGHT_MODEL,
  // An empty body here means a request without its fields.
  ...BODY.filter((code) => code !== 'body_missing'),
  ...JSON_BODY,
  'base64_invalid',
  'batch_too_many_items',
  'tensor_invalid',
  'inference_header_invalid',
  ...IMAGE,
] as const;

function about(operationId: string, summary: string, schema: z.ZodType) {
  return {
    get: {
      operationId,
      tags,
      summary,
      responses: { 200: json('It is.', schema), ...problems(['internal']) },
    },
  };
}

function aboutModel(operationId: string, summary: string, schema: z.ZodType, path: z.ZodObject) {
  const responses = { 200: json('About the model.', schema), ...problems([...GUARDED, ...TAUGHT_MODEL]) };
  return { get: { operationId, tags, summary, security: OPTIONAL_KEY, requestParams: { path }, responses } };
}

function infer(operationId: string, path: z.ZodObject) {
  return {
    post: {
      operationId,
      tags,
      summary: 'Outputs for tensors or pictures',
      security: OPTIONAL_KEY,
      requestParams: { path, header },
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: requestSchema, example: EXAMPLES.openInference },
          'application/octet-stream': { schema: binary },
        },
      },
      responses: {
        200: answer('The outputs, as JSON or followed by binary tensors.', {
          'application/json': { schema: inferenceSchema },
          'application/octet-stream': { schema: binary },
        }),
        ...problems(INFER_CODES),
      },
    },
  };
}

const repositoryIndex = {
  post: {
    operationId: 'oipRepositoryIndex',
    tags,
    summary: 'The available models',
    security: OPTIONAL_KEY,
    requestBody: {
      required: false,
      content: { 'application/json': { schema: indexSchema, example: EXAMPLES.repositoryIndex } },
    },
    responses: {
      200: json("The network's, and those of your collections.", indexAnswerSchema),
      ...problems([...GUARDED, ...BODY, ...JSON_BODY, 'collection_busy']),
    },
  },
};

const MODEL = '/v2/models/{model}';
const VERSION = `${MODEL}/versions/{version}`;
const any = z.object(name);
const one = z.object({ ...name, ...version });

export const openInferencePaths: ZodOpenApiPathsObject = {
  '/v2': about('oipServer', 'The server', serverSchema),
  '/v2/health/live': about('oipLive', 'Whether the server is up', liveSchema),
  '/v2/health/ready': about('oipReady', 'Whether the server can infer', readySchema),
  '/v2/repository/index': repositoryIndex,
  [MODEL]: aboutModel('oipModel', 'A model', modelSchema, any),
  [VERSION]: aboutModel('oipModelVersion', 'A version of a model', modelSchema, one),
  [`${MODEL}/ready`]: aboutModel('oipModelReady', 'Whether a model can infer', modelReadySchema, any),
  [`${VERSION}/ready`]: aboutModel('oipVersionReady', 'Whether a version can infer', modelReadySchema, one),
  [`${MODEL}/infer`]: infer('oipInfer', any),
  [`${VERSION}/infer`]: infer('oipVersionInfer', one),
};
