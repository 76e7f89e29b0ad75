/** The forms in which a picture comes, from the schemas that check them. */
import * as z from 'zod';
import type { ZodOpenApiRequestBodyObject } from 'zod-openapi';
import { collectionChoice } from '../../collection-options.ts';
import { jsonBatchItemSchema, jsonBatchSchema } from '../../input/batch.ts';
import { IMAGE_FIELD, jsonImageSchema } from '../../input/image.ts';

export const file = z
  .file()
  .describe('An image file. Its format is detected from its bytes, not from its content type.');

/** A body that is the file itself. The service takes any type, and none: this is the one that all tools can write. */
export const rawPicture = { 'application/octet-stream': { schema: file } };

/** The options of a route: as text in a query or a form, and in JSON. */
interface Options {
  readonly text: z.ZodObject;
  readonly json: z.ZodObject;
}

/**
 * The options that a form is shown with. It may name a collection too; but the reference page fills in every text of a
 * form, and a collection exists only once it was made.
 */
function inForm(text: z.ZodObject) {
  return Object.fromEntries(Object.entries(text.shape).filter(([name]) => !(name in collectionChoice)));
}

/** One picture, with options beside it where the form has room for them. */
export function pictureBody({ text, json }: Options, example: object): ZodOpenApiRequestBodyObject {
  return {
    description:
      'The file itself with any content type or none, a form, or JSON. Options in a form or in JSON override the query.',
    required: true,
    content: {
      // The reference page offers the first, which can be sent unchanged.
      'application/json': { schema: z.intersection(jsonImageSchema, json), example },
      ...rawPicture,
      'multipart/form-data': { schema: z.object({ [IMAGE_FIELD]: file, ...inForm(text) }) },
    },
  };
}

/** Its pictures are checked one by one, so the schema that checks the body leaves them open. */
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
