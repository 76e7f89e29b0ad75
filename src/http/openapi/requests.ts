/** The forms in which a picture comes, from the schemas that check them. */
import * as z from 'zod';
import type { ZodOpenApiRequestBodyObject } from 'zod-openapi';
import { jsonBatchItemSchema, jsonBatchSchema } from '../../input/batch.ts';
import { IMAGE_FIELD, jsonImageSchema } from '../../input/image.ts';
import { classifyOptionsSchema } from '../../options.ts';
import { EXAMPLES } from './examples.ts';

const file = z.file().describe('An image file. Its bytes are looked at, not its content type.');

/** A body that is the file itself. The star is what clients send; the service takes any type, and none. */
export const rawPicture = {
  'image/*': { schema: file },
  'application/octet-stream': { schema: file },
};

/** One picture, with options beside it where the form has room for them. */
export function pictureBody(options: z.ZodObject, example: object): ZodOpenApiRequestBodyObject {
  return {
    description:
      'The file itself with any content type or none, a form, or JSON. Options in a form or in JSON win over the query.',
    required: true,
    content: {
      ...rawPicture,
      // An object in an option has no form of its own there.
      'multipart/form-data': { schema: z.object({ [IMAGE_FIELD]: file }).extend(flat(options)) },
      'application/json': { schema: z.intersection(jsonImageSchema, options), example },
    },
  };
}

/** Its pictures are checked one by one, so the schema that checks the body leaves them open. */
const jsonBatch = jsonBatchSchema.extend({ images: z.array(jsonBatchItemSchema) });

/** Many pictures. A form's options are in the query. */
export function batchBody(): ZodOpenApiRequestBodyObject {
  return {
    required: true,
    content: {
      'multipart/form-data': { schema: z.object({ [IMAGE_FIELD]: z.array(file).min(1) }) },
      'application/json': {
        schema: z.intersection(jsonBatch, classifyOptionsSchema),
        example: EXAMPLES.batch,
      },
    },
  };
}

function flat({ shape }: z.ZodObject) {
  const { labels: _object, ...others } = shape;
  return others;
}
