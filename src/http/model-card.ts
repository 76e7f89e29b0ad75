/** `GET /v1/model`: the network, its origin and its accuracy. Written by the pipeline in `model/`. */
import * as z from 'zod';
import card from '../../model/card.json';
import { embeddingSpaceSchema } from '../answer.ts';
import { EMBEDDING_SPACE } from '../inference/embedding-space.ts';
import { TAXONOMY_VERSION } from '../inference/taxonomy.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const tensorSchema = z
  .object({
    name: z.string(),
    datatype: z.string(),
    shape: z.array(z.int()).readonly().describe('-1 is any number of instances.'),
    meaning: z.string(),
  })
  .readonly();

const accuracySchema = z
  .object({
    who: z.string(),
    pictures: z.string(),
    top1: z.number().describe('Per cent.'),
    top5: z.number().exactOptional().describe('Per cent.'),
    same_top1_as_reference: z
      .number()
      .exactOptional()
      .describe('Per cent of the pictures with the same best class as the float32 network.'),
    source: z.string(),
  })
  .readonly();

const binSchema = z
  .object({
    from: z.number().describe('Lower end of the scores.'),
    to: z.number().describe('Upper end of the scores, exclusive except for 1.'),
    count: z.int().describe('Number of pictures with such a score.'),
    right: z.number().nullable().describe('Per cent of them that were right; null if there are none.'),
  })
  .readonly();

const reliabilitySchema = z
  .object({
    pictures: z.string(),
    source: z.string(),
    first_class: z.array(binSchema).readonly().describe('First predictions by their score.'),
    groups: z.array(binSchema).readonly().describe('All groups of every picture, by their score.'),
  })
  .readonly();

export const modelCardSchema = z.lazy(() =>
  z
    .object({
      name: z.string(),
      version: z.string().describe('Changes whenever scores can change.'),
      embedding_space: embeddingSpaceSchema,
      task: z.string(),
      licence: z.string(),
      origin: z.record(z.string(), z.string()).readonly(),
      inputs: z.array(tensorSchema).readonly(),
      outputs: z.array(tensorSchema).readonly(),
      preprocessing: z
        .object({
          orientation: z.string(),
          transparency: z.string(),
          resize_short_side: z.int().describe('Pixels.'),
          filter: z.string(),
          crop: z.object({ position: z.string(), width: z.int(), height: z.int() }).readonly(),
          channels: z.string(),
          range: z.array(z.number()).readonly(),
        })
        .readonly(),
      parameters: z.int().describe('Weights of the network.'),
      files: z.record(z.string(), z.object({ bytes: z.int(), sha256 }).readonly()).readonly(),
      accuracy: z.array(accuracySchema).readonly(),
      reliability: reliabilitySchema.describe(
        'How often predictions with a given score were right, on pictures of known classes; for other things scores say nothing.',
      ),
      taxonomy: z.string().describe('Version of the groups: changes when a class moves to another.'),
    })
    .readonly()
    .meta({ id: 'ModelCard' }),
);

export type ModelCard = z.infer<typeof modelCardSchema>;

export const MODEL_CARD: ModelCard = {
  ...card,
  embedding_space: EMBEDDING_SPACE,
  taxonomy: TAXONOMY_VERSION,
};
