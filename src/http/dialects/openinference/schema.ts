/**
 * The protocol's `$inference_request`, with the parameters of the binary and classification extensions.
 *
 * Null means absent, because clients that serialise whole data classes send it. Unknown parameters are accepted: the
 * protocol leaves them to servers.
 */
import * as z from 'zod';

const TEXT = { error: 'must be a text' };
const FLAG = { error: 'must be true or false' };
const OBJECT = { error: 'must be an object' };
const BYTES = { error: 'must be a whole number of bytes' };
const CLASSES = { error: 'must be a whole number of classes' };

/** No list in a request is longer than this, except the data. */
const MAX_LIST = 16;

/**
 * A list whose length is checked before its elements: zod creates an issue for every invalid one, and a body has room
 * for millions.
 */
function list<T extends z.ZodType>(element: T, expected: string) {
  const error = { error: `must be a list of ${expected}, at most ${MAX_LIST}` };
  return z.array(z.unknown(), error).max(MAX_LIST, error).pipe(z.array(element));
}

const inputSchema = z.lazy(() =>
  z.looseObject(
    {
      name: z.string(TEXT),
      datatype: z.string(TEXT),
      shape: list(z.int({ error: 'must be a whole number' }), 'whole numbers'),
      parameters: z.looseObject({ binary_data_size: z.int(BYTES).min(0, BYTES).nullish() }, OBJECT).nullish(),
      /** Validated by `tensors.ts`, because a schema for 150,528 numbers would be too slow. */
      data: z.unknown().optional(),
    },
    { error: 'must be an object with name, shape, datatype and data' },
  ),
);

const outputSchema = z.lazy(() =>
  z.looseObject(
    {
      name: z.string(TEXT),
      parameters: z
        .looseObject(
          {
            binary_data: z.boolean(FLAG).nullish(),
            classification: z.int(CLASSES).min(0, CLASSES).nullish(),
          },
          OBJECT,
        )
        .nullish(),
    },
    { error: 'must be an object with a name' },
  ),
);

export const requestSchema = z.lazy(() =>
  z.looseObject(
    {
      id: z.string(TEXT).nullish(),
      parameters: z.looseObject({ binary_data_output: z.boolean(FLAG).nullish() }, OBJECT).nullish(),
      inputs: list(inputSchema, 'input tensors'),
      outputs: list(outputSchema, 'output tensors').nullish(),
    },
    { error: 'must be an object with "inputs"' },
  ),
);

export type RequestFields = z.output<typeof requestSchema>;
export type OutputFields = z.output<typeof outputSchema>;
