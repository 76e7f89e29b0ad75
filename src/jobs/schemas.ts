/** Requests for jobs, and their public form. States and counts have the names of OpenAI's batch object. */
import * as z from 'zod';
import { FOLDER } from '../settings-lists.ts';

export const TASKS = ['classify', 'embed', 'index'] as const;

export const STATUSES = [
  'validating',
  'in_progress',
  'finalizing',
  'completed',
  'failed',
  'cancelled',
] as const;

/** R2's keys have 1024 bytes at most; what follows a prefix needs room too. */
const MAX_PREFIX_LENGTH = 512;

const PREFIX = `must be a text of at most ${MAX_PREFIX_LENGTH} characters`;
const OBJECT = 'must be an object';

const prefix = z.string({ error: PREFIX }).max(MAX_PREFIX_LENGTH, { error: PREFIX });

export const jobRequestSchema = z.object(
  {
    source: z
      .object(
        { prefix: prefix.describe('Every object whose key begins with it is in the job.') },
        { error: `${OBJECT} with "prefix"` },
      )
      .readonly(),
    task: z
      .enum(TASKS, { error: `must be one of ${TASKS.join(', ')}` })
      .default('classify')
      .describe('The result for each picture: labels, its feature vector, or an item of a collection.'),
    options: z
      .looseObject({}, { error: OBJECT })
      .default({})
      .describe('Options of the task, the same as those of /v1/classify and /v1/embed.'),
    collection: z
      .string({ error: 'must be the name of a collection' })
      .optional()
      .describe(
        'Of the task `classify`: whose labels are given, as `collection` of /v1/classify. Of the task `index`: the ' +
          'collection of yours that the pictures are added to.',
      ),
    output: z
      .object(
        {
          prefix: prefix.regex(FOLDER, {
            error: 'must end in "/", and none of its parts may be empty, "." or ".."',
          }),
        },
        { error: `${OBJECT} with "prefix"` },
      )
      .readonly()
      .optional()
      .describe(
        'Where the results go, below a folder with the id of the job. No key below it is ever a picture.',
      ),
  },
  { error: `${OBJECT} with "source"` },
);

export type JobRequest = z.output<typeof jobRequestSchema>;

const seconds = z.int().min(0);

export const jobSchema = z.lazy(() =>
  z
    .object({
      id: z.string(),
      task: z.enum(TASKS),
      status: z
        .enum(STATUSES)
        .describe(
          '`validating` until the first keys are listed, `finalizing` while the results are summed up. A job is ' +
            '`completed` when each picture has a result or an error, and `failed` when the bucket could not be listed.',
        ),
      source: z.object({ prefix: z.string() }).readonly(),
      output: z.object({ prefix: z.string().describe('Where the result files are.') }).readonly(),
      options: z.looseObject({}).readonly(),
      collection: z.string().exactOptional(),
      created_at: seconds.describe('Seconds since 1970, as all times here.'),
      in_progress_at: seconds.exactOptional(),
      finalizing_at: seconds.exactOptional(),
      completed_at: seconds.exactOptional(),
      failed_at: seconds.exactOptional(),
      cancelled_at: seconds.exactOptional(),
      request_counts: z
        .object({
          total: z.int().min(0).describe('Pictures that were listed so far.'),
          completed: z.int().min(0).describe('Those of them with a result.'),
          failed: z.int().min(0).describe('Those of them with an error.'),
        })
        .readonly(),
      seconds_left: z
        .int()
        .min(0)
        .nullable()
        .describe(
          'Estimated from the pace so far; null while pictures are still being listed, and after the end of the job.',
        ),
      error: z.string().exactOptional().describe('Why the job itself failed.'),
    })
    .readonly()
    .meta({ id: 'Job' }),
);

export type JobState = z.infer<typeof jobSchema>;
/** The state as reported by the job's object. */
export type JobFacts = Omit<JobState, 'options'> & Pick<JobSpec, 'options'>;

export function shown(facts: JobFacts): JobState {
  return { ...facts, options: optionsOf(facts) };
}

export function optionsOf({ options }: Pick<JobSpec, 'options'>): Readonly<Record<string, unknown>> {
  // It was validated when the job was requested.
  return JSON.parse(options) as Record<string, unknown>;
}

export type Task = (typeof TASKS)[number];
export type Status = (typeof STATUSES)[number];

export const jobListSchema = z.lazy(() =>
  z
    .object({
      jobs: z.array(jobSchema).readonly().describe('The newest first.'),
      cursor: z.string().nullable().describe('Cursor of the next page; null on the last.'),
    })
    .readonly()
    .meta({ id: 'JobList' }),
);

export type JobList = z.infer<typeof jobListSchema>;

/** What a job stores of its request. */
export interface JobSpec {
  readonly id: string;
  /** The name of the key that requested it. */
  readonly owner: string;
  readonly task: Task;
  readonly source: { readonly prefix: string };
  readonly output: { readonly prefix: string };
  /** As given, as JSON, because arbitrary objects cannot be typed over RPC. */
  readonly options: string;
  readonly collection?: string;
}
