/** `POST /v1/batch` and `/v1/embed/batch`: many pictures, one result or one error each. */
import { Hono } from 'hono';
import * as z from 'zod';
import { classificationSchema, embeddingAnswer, embeddingSchema } from '../../answer.ts';
import { collectionClassificationSchema } from '../../collection-answer.ts';
import { embedOptionsSchema } from '../../options.ts';
import { problemSchema } from '../../problem-details.ts';
import { batchHandler } from '../batch.ts';
import type { AppEnv } from '../env.ts';
import { classifyQuestion, questionOf } from '../question.ts';
import type { Services } from '../services.ts';

const LINE = "One picture's result or problem, in the order of the request.";

export function lineSchemaOf<T extends z.ZodType>(result: T) {
  return z.union([
    z.object({ index: z.int().min(0), result }).readonly(),
    z.object({ index: z.int().min(0), error: problemSchema }).readonly(),
  ]);
}

export const batchLineSchema = z.lazy(() =>
  lineSchemaOf(classificationSchema).meta({
    id: 'BatchItem',
    description: LINE,
  }),
);

export const batchSchema = z.lazy(() =>
  z
    .object({ results: z.array(batchLineSchema).readonly() })
    .readonly()
    .meta({ id: 'Batch' }),
);

/** If a collection is named. */
export const collectionBatchSchema = z.lazy(() =>
  z.object({ results: z.array(lineSchemaOf(collectionClassificationSchema)).readonly() }).readonly(),
);

export const embedBatchLineSchema = z.lazy(() =>
  lineSchemaOf(embeddingSchema).meta({
    id: 'EmbeddingBatchItem',
    description: LINE,
  }),
);

export const embedBatchSchema = z.lazy(() =>
  z
    .object({ results: z.array(embedBatchLineSchema).readonly() })
    .readonly()
    .meta({ id: 'EmbeddingBatch' }),
);

export type BatchLine = z.infer<typeof batchLineSchema>;
export type EmbedBatchLine = z.infer<typeof embedBatchLineSchema>;

export function batchRoute({ guard, collections }: Services): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .post('/batch', guard, batchHandler(classifyQuestion(collections)))
    .post('/embed/batch', guard, batchHandler(questionOf(embedOptionsSchema, embeddingAnswer)));
}
