/** One picture's line in a result file, in the form of `/v1/batch`, with the key of the picture. */
import * as z from 'zod';
import { classificationSchema, embeddingSchema } from '../answer.ts';
import { collectionClassificationSchema } from '../collection-answer.ts';
import { addedSchema } from '../collection-status.ts';
import type { Failure } from '../failure.ts';
import { problemDetails, problemSchema } from '../problem-details.ts';

const place = {
  index: z.int().min(0).describe('Index of the picture in the job, in the order of keys.'),
  key: z.string(),
};

export const resultLineSchema = z.lazy(() =>
  z
    .union([
      z
        .object({
          ...place,
          result: z.union([
            classificationSchema,
            collectionClassificationSchema,
            embeddingSchema,
            addedSchema,
          ]),
        })
        .readonly(),
      z.object({ ...place, error: problemSchema }).readonly(),
    ])
    .meta({ id: 'JobResult', description: "One picture's result or problem." }),
);

/** A line of a file, including its line break. */
export interface Line {
  readonly key: string;
  readonly isError: boolean;
  readonly text: string;
}

/** @param requestId in the log, which an error names. */
export function lineOf(
  index: number,
  key: string,
  outcome: { readonly result: object } | { readonly failure: Failure },
  requestId: string,
): Line {
  const isError = 'failure' in outcome;
  const value = isError
    ? { index, key, error: problemDetails(outcome.failure, requestId) }
    : { index, key, result: outcome.result };
  return { key, isError, text: `${JSON.stringify(value)}\n` };
}

/** Reads lines that `lineOf` wrote. */
export function linesOf(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const value: { key: string; error?: unknown } = JSON.parse(line);
      return { key: value.key, isError: value.error !== undefined, text: `${line}\n` };
    });
}
