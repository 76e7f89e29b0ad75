/** A head as JSON: all that is needed to use it elsewhere or to import it again. */
import * as z from 'zod';
import { EMBEDDING_LENGTH, embeddingSpaceSchema, modelFactsSchema } from '../answer.ts';
import { labelSchema } from '../collection-options.ts';
import type { Head } from '../collections/head.ts';
import type { ImportedHead } from '../collections/head-import.ts';
import { HEAD_FORMAT, headJson } from '../collections/head-json.ts';
import type { HeadExport } from '../collections/transfer.ts';
import { fail, ok, type Result } from '../failure.ts';
import { EMBEDDING_SPACE } from '../inference/embedding-space.ts';
import { decodeBase64 } from '../input/base64.ts';
import { checkFields } from '../input/json.ts';

const FORMAT = `must be ${JSON.stringify(HEAD_FORMAT)}, as an export has it`;
const LABELS = 'must be one label or more, all of them different';
const BIAS = 'must be a number for each label, none of them beyond a million';
const TEMPERATURE = 'must be a number from 0.001 to 1000';
const THRESHOLD = 'must be a number from -1 to 1';

/** Within this bound, scores stay finite; those of a trained head are below ten. */
const LARGEST = 1e6;

const matrix = z.string({ error: 'must be base64' });

/** Other members are ignored. */
export const portableHeadSchema = z.lazy(() =>
  z
    .object(
      {
        format: z.literal(HEAD_FORMAT, { error: FORMAT }),
        embedding_space: embeddingSpaceSchema.describe('Embedding space that it classifies.'),
        labels: z
          .array(labelSchema, { error: LABELS })
          .min(1, { error: LABELS })
          .refine((labels) => new Set(labels).size === labels.length, { error: LABELS }),
        weights: matrix.describe(
          `Base64 of little-endian float32: a row of ${EMBEDDING_LENGTH} for each label.`,
        ),
        bias: z
          .array(z.number({ error: BIAS }).min(-LARGEST, { error: BIAS }).max(LARGEST, { error: BIAS }), {
            error: BIAS,
          })
          .describe('The bias of each label.'),
        temperature: z
          .number({ error: TEMPERATURE })
          .min(0.001, { error: TEMPERATURE })
          .max(1000, { error: TEMPERATURE })
          .describe('Divisor of the scores before the softmax.'),
        unknown: z.object({
          means: matrix.describe('Like the weights: the mean of the examples of each label, of length 1.'),
          threshold: z
            .number({ error: THRESHOLD })
            .min(-1, { error: THRESHOLD })
            .max(1, { error: THRESHOLD })
            .describe('A picture is unknown if its cosine to every mean is below this.'),
        }),
        examples: z.int().min(0).exactOptional().describe('Number of examples that it was trained on.'),
        accuracy: z.number().min(0).max(1).exactOptional().describe('Leave-one-out accuracy.'),
      },
      { error: `must be an object with "format": ${JSON.stringify(HEAD_FORMAT)}` },
    )
    .meta({ id: 'PortableHead' }),
);

/** An export adds its name and version, the model and its preprocessing. */
export const exportedHeadSchema = z.lazy(() =>
  portableHeadSchema
    .unwrap()
    .extend({
      name: z.string().describe('Name of the collection.'),
      version: z.int().describe('Version of the head.'),
      examples: z.int().min(0).describe('Number of examples that it was trained on.'),
      model: modelFactsSchema.describe('The network that makes the embeddings.'),
      preprocessing: z
        .record(z.string(), z.unknown())
        .describe('How a picture is prepared for the network, as in `/v1/model`.'),
    })
    .meta({ id: 'ExportedHead' }),
);

export type PortableHead = z.output<typeof portableHeadSchema>;
export type ExportedHead = z.output<typeof exportedHeadSchema>;

/** The page exports its heads as the same JSON (`src/page/taught.ts`). */
export function exportedHead(head: HeadExport): ExportedHead {
  return headJson(head, (bytes) => bytes.toBase64());
}

/** @returns the head with its facts, or the first invalid field */
export function importedHead(
  value: unknown,
): Result<{ readonly head: Head; readonly told: ImportedHead['told'] }> {
  const given = checkFields(portableHeadSchema, value);
  if (!given.ok) return given;
  const { embedding_space: space, labels, bias, temperature, unknown, examples, accuracy } = given.value;
  if (space !== EMBEDDING_SPACE)
    return fail({ code: 'embedding_space_differs', given: space, wanted: EMBEDDING_SPACE });
  if (bias.length !== labels.length) return fail({ code: 'field_invalid', field: 'bias', reason: BIAS });
  const weights = matrixOf(given.value.weights, labels.length, 'weights');
  if (!weights.ok) return weights;
  const means = matrixOf(unknown.means, labels.length, 'unknown.means');
  if (!means.ok) return means;
  return ok({
    head: {
      ...{ labels, temperature, threshold: unknown.threshold },
      ...{ weights: weights.value, bias: Float32Array.from(bias), means: means.value },
      ...{ ids: [], classes: new Uint16Array(), leftOut: new Uint16Array() },
      ...{ vectors: new Int8Array(), bits: new Uint8Array() },
    },
    told: { examples: examples ?? 0, ...(accuracy === undefined ? {} : { accuracy }) },
  });
}

function matrixOf(text: string, rows: number, field: string): Result<Float32Array> {
  const bytes = decodeBase64(text, field);
  if (!bytes.ok) return bytes;
  const wanted = rows * EMBEDDING_LENGTH * Float32Array.BYTES_PER_ELEMENT;
  const reason = `must be the base64 of ${rows} rows of ${EMBEDDING_LENGTH} numbers as little-endian float32, one row for each label, none of them beyond a million`;
  if (bytes.value.byteLength !== wanted) return fail({ code: 'field_invalid', field, reason });
  const floats = new Float32Array(bytes.value.slice().buffer);
  return floats.every((number) => Math.abs(number) <= LARGEST)
    ? ok(floats)
    : fail({ code: 'field_invalid', field, reason });
}
