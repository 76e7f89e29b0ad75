/** What a caller may ask of a classification, whichever door the request came through. */
import { z } from 'zod';

/** Classes the network knows, and so the most predictions there are. */
export const CLASS_COUNT = 1000;

export const DEFAULT_TOP_K = 5;

/**
 * Coerced, because the query has only strings; the empty string is refused where `Number('')` would be 0.
 */
function number(expected: string) {
  return z.preprocess(
    (value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value),
    z.number({ error: expected }),
  );
}

const TOP_K = `a whole number from 1 to ${CLASS_COUNT}`;
const MIN_SCORE = 'a number from 0 to 1';

export const classifyOptionsSchema = z.object({
  /** How many predictions to list, best first. */
  top_k: number(TOP_K)
    .pipe(z.int({ error: TOP_K }).min(1, { error: TOP_K }).max(CLASS_COUNT, { error: TOP_K }))
    .default(DEFAULT_TOP_K),
  /** Least probability of a listed prediction. */
  min_score: number(MIN_SCORE)
    .pipe(z.number().min(0, { error: MIN_SCORE }).max(1, { error: MIN_SCORE }))
    .default(0),
});

export type ClassifyOptions = z.infer<typeof classifyOptionsSchema>;
