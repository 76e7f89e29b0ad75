/** The Hugging Face dialect in the document. */
import * as z from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { MODEL } from '../../answer.ts';
import { hfBodySchema, hfParametersSchema } from '../dialects/huggingface.ts';
import { labelScoreSchema } from '../dialects/predictions.ts';
import { json, problems } from './answers.ts';
import { LOOKED_UP } from './caching.ts';
import { BODY, GUARDED, IMAGE, JSON_BODY, TAUGHT_MODEL } from './codes.ts';
import { EXAMPLES } from './examples.ts';
import { rawPicture } from './requests.ts';
import { OPTIONAL_KEY, TAGS } from './texts.ts';

const CODES = [...GUARDED, 'option_invalid', ...BODY, ...JSON_BODY, 'base64_invalid', ...IMAGE] as const;

const classify = {
  tags: [TAGS.huggingFace],
  security: OPTIONAL_KEY,
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: hfBodySchema.extend({ parameters: hfParametersSchema.nullish() }),
        example: EXAMPLES.huggingFace,
      },
      ...rawPicture,
    },
  },
} satisfies Partial<ZodOpenApiOperationObject>;

const answered = json('Best first.', z.array(labelScoreSchema), LOOKED_UP);

export const huggingFacePaths: ZodOpenApiPathsObject = {
  '/hf': {
    post: {
      ...classify,
      operationId: 'hfClassify',
      summary: 'Image classification, as an inference endpoint',
      requestParams: { query: hfParametersSchema },
      responses: { 200: answered, ...problems(CODES) },
    },
  },
  '/hf/models/{name}': {
    post: {
      ...classify,
      operationId: 'hfClassifyWithModel',
      summary: 'Image classification, with the model in the path',
      requestParams: {
        query: hfParametersSchema,
        path: z.object({
          name: z
            .string()
            .describe(
              "The model's name, with or without an owner; or a collection of yours, or OWNER/NAME where one is shared.",
            )
            .meta({ param: { example: MODEL.name } }),
        }),
      },
      responses: { 200: answered, ...problems([...CODES, ...TAUGHT_MODEL]) },
    },
  },
};
