/** The options of a request, the same over HTTP and RPC. */
import * as z from 'zod';
import { fail, ok, type Result } from './failure.ts';
import { resolveFilter, type UnknownName } from './inference/label-filter.ts';
import { DEFAULT_TAG_MIN_SCORE, TAG_SCORE_FLOOR } from './inference/tags.ts';

/** The number of the network's classes, and so the most predictions. */
export const CLASS_COUNT = 1000;

export const DEFAULT_TOP_K = 5;

// Where text is converted, `prefault` and not `default`: zod omits the latter when it describes the input.

/** Queries and forms have only text; an empty one is not a number, although `Number('')` is 0. */
export function fromText(value: unknown): unknown {
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
}

const TOP_K = `a whole number from 1 to ${CLASS_COUNT}`;
const MIN_SCORE = 'a number from 0 to 1';
const TAG_MIN_SCORE = `a number above ${TAG_SCORE_FLOOR} and at most 1`;
const NAMES = 'a list of synsets or names of classes or groups';
const FLAG = 'true or false';
const ENCODING = '"float" or "base64"';

export const topKSchema = z
  .preprocess(fromText, z.int({ error: TOP_K }).min(1, { error: TOP_K }).max(CLASS_COUNT, { error: TOP_K }))
  .prefault(DEFAULT_TOP_K)
  .describe('How many predictions to list, best first.');

export const namesSchema = z
  .array(z.string({ error: NAMES }), { error: NAMES })
  .max(CLASS_COUNT, { error: NAMES });

export const classifyOptionsSchema = z.object({
  top_k: topKSchema,
  min_score: z
    .preprocess(
      fromText,
      z.number({ error: MIN_SCORE }).min(0, { error: MIN_SCORE }).max(1, { error: MIN_SCORE }),
    )
    .prefault(0)
    .describe('Least probability of a listed prediction.'),
  tag_min_score: z
    .preprocess(
      fromText,
      z
        .number({ error: TAG_MIN_SCORE })
        .gt(TAG_SCORE_FLOOR, { error: TAG_MIN_SCORE })
        .max(1, { error: TAG_MIN_SCORE }),
    )
    .prefault(DEFAULT_TAG_MIN_SCORE)
    .describe('Least score of a tag: a higher one gives fewer tags, which are right more often.'),
  /** Becomes a test of an ILSVRC-2012 index, or undefined if all may be listed. */
  labels: z
    .object(
      {
        include: namesSchema.optional().describe('List only these classes and groups.'),
        exclude: namesSchema.optional().describe('Do not list these classes and groups.'),
      },
      { error: `{"include": ${NAMES}, "exclude": ${NAMES}}` },
    )
    .transform((filter, context) => {
      const resolved = resolveFilter(filter);
      if ('unknown' in resolved) {
        context.addIssue({ code: 'custom', message: noSuchName(resolved) });
        return z.NEVER;
      }
      return resolved.listed;
    })
    .prefault({})
    .describe(
      'Which classes to list, by synset or any of their names, or by a group that they are in. It does not change scores.',
    ),
});

function noSuchName({ unknown, nearest }: UnknownName): string {
  const meant = nearest.length > 0 ? ` (did you mean ${nearest.join(', ')}?)` : '';
  const name = JSON.stringify(unknown.slice(0, 60));
  return `synsets or names of classes or groups, and ${name} is none${meant}: see /v1/labels and /v1/groups`;
}

/** True or false, in a query and a form as text: Python's forms write them with a capital letter. */
export const flagSchema = z.preprocess(
  (value) => (/^[Tt]rue$/.test(String(value)) ? true : /^[Ff]alse$/.test(String(value)) ? false : value),
  z.boolean({ error: FLAG }),
);

export const embedOptionsSchema = z.object({
  encoding_format: z
    .enum(['float', 'base64'], { error: ENCODING })
    .default('float')
    .describe('Numbers, or the base64 of little-endian float32.'),
  normalize: flagSchema
    .prefault(false)
    .describe('Whether to divide the vector by its L2 norm, so that a dot product is the cosine.'),
});

export type ClassifyOptions = z.output<typeof classifyOptionsSchema>;
export type EmbedOptions = z.output<typeof embedOptionsSchema>;

/**
 * Parses options; unknown names are ignored, so that a caller may add its own parameters.
 *
 * @returns the options, or `option_invalid` with the first invalid one and what it should be.
 */
export function parseOptions<T extends z.ZodObject>(schema: T, given: unknown): Result<z.output<T>> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const option = issue?.path.map(String).join('.') || 'The options';
  return fail({ code: 'option_invalid', option, reason: issue?.message ?? 'as the documentation says' });
}
