/** The forms of a picture in requests, from the schemas that validate them. */
import * as z from 'zod';
import type { ZodOpenApiRequestBodyObject } from 'zod-openapi';
import { collectionChoice } from '../../collection-options.ts';
import { jsonBatchItemSchema, jsonBatchSchema } from '../../input/batch.ts';
import { IMAGE_FIELD, jsonImageSchema } from '../../input/image.ts';

export const file = z
  .file()
  .describe('An image file. Its format is detected from its bytes, not from its content type.');

/** A body that is the file itself. The service accepts any type, and none; all tools can send this one. */
export const rawPicture = { 'application/octet-stream': { schema: file } };

/** The options of a route: as text in a query or a form, and in JSON. */
interface Options {
  readonly text: z.ZodObject;
  readonly json: z.ZodObject;
}

/**
 * The options in the description of a form. A collection may be named too; but the reference page fills in every text
 * field of a form, and a collection exists only once it was made.
 */
function inForm(text: z.ZodObject) {
  return Object.fromEntries(Object.entries(text.shape).filter(([name]) => !(name in collectionChoice)));
}

/** One picture, with options if the form can hold them. */
export function pictureBody({ text, json }: Options, example: object): ZodOpenApiRequestBodyObject {
  return {
    description:
      'The file itself with any content type or none, a form, or JSON. Options in a form or in JSON override the query.',
    required: true,
    content: {
      // The reference page offers the first one, which can be sent unchanged.
      'application/json': { schema: z.intersection(jsonImageSchema, json), example },
      ...rawPicture,
      'multipart/form-data': { schema: z.object({ [IMAGE_FIELD]: file, ...inForm(text) }) },
    },
  };
}

/** Its pictures are validated one by one, so the schema that validates the body leaves them open. */
const jsonBatch = jsonBatchSchema.extend({ images: z.array(jsonBatchItemSchema) });

/** Many pictures. */
export function batchBody({ text, json }: Options, example: object): ZodOpenApiRequestBodyObject {
  return {
    description:
      'A form or JSON; a single file is a batch of one. Options in a form or in JSON override the query. In a form that ' +
      'is answered as NDJSON, options come before the pictures.',
    required: true,
    content: {
      'application/json': { schema: z.intersection(jsonBatch, json), example },
      'multipart/form-data': { schema: z.object({ [IMAGE_FIELD]: z.array(file).min(1), ...inForm(text) }) },
    },
  };
}
