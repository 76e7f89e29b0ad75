/**
 * What is made of a picture that comes into the bucket by itself: rules of the deployment, by the beginning of its key.
 *
 * Settings are read by programs outside of a Worker too, so nothing here imports what only a bundler can load: options
 * are checked by `new-pictures.ts`.
 */
import * as z from 'zod';
import { referenceOf } from '../collections/names.ts';
import { ANONYMOUS } from '../settings-lists.ts';
import { jobRequestSchema, type Task } from './schemas.ts';

const EXAMPLE = '[{"source": {"prefix": "2024/"}, "task": "classify", "options": {"top_k": 1}}]';
const EXPECTED = `a JSON list of what is made of new pictures, with the fields of POST /v1/jobs, such as ${EXAMPLE}`;

export interface EventRule {
  /** Of keys that it is for. */
  readonly prefix: string;
  readonly task: Task;
  readonly options: Readonly<Record<string, unknown>>;
  /** `NAME`, which is everybody's without a key, or `OWNER/NAME`. */
  readonly collection?: string;
  /** Whose collections go by their names alone. */
  readonly owner: string;
  /** Unset is JOBS_OUTPUT_PREFIX. */
  readonly output?: string;
}

const ruleSchema = z
  .strictObject(jobRequestSchema.shape)
  .extend({ source: jobRequestSchema.shape.source.prefault({ prefix: '' }) })
  .transform((given, context): EventRule => {
    const { source, task, options, collection, output } = given;
    const reference = collection === undefined ? undefined : referenceOf(collection, ANONYMOUS);
    const wrong = (field: string, message: string) =>
      context.addIssue({ code: 'custom', message, path: [field] });
    if (collection === undefined) {
      if (task === 'index') wrong('collection', 'must be there: the task index fills it');
    } else if (task === 'embed') {
      wrong('collection', 'goes with the tasks classify and index');
    } else if (reference === undefined) {
      wrong('collection', 'must be NAME or OWNER/NAME, with the name of the key that made it as OWNER');
    }
    return {
      prefix: source.prefix,
      task,
      options,
      owner: reference?.owner ?? ANONYMOUS,
      ...(collection === undefined ? {} : { collection }),
      ...(output === undefined ? {} : { output: output.prefix }),
    };
  });

/** Of which the first counts that a key begins with. Empty is none. */
export const eventRules = z.string({ error: EXPECTED }).transform((text, context): readonly EventRule[] => {
  if (text.trim() === '') return [];
  const parsed = z.array(ruleSchema).safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const [entry, ...field] = issue?.path ?? [];
  const where = typeof entry === 'number' ? `: entry ${entry + 1}, ${field.join('.')} ${issue?.message}` : '';
  context.addIssue({ code: 'custom', message: EXPECTED + where });
  return z.NEVER;
});

/** What JSON cannot be is no list either. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface OutputSettings {
  readonly JOBS_OUTPUT_PREFIX: string;
  readonly JOBS_NEW_PICTURES: readonly EventRule[];
}

/** Prefixes of results that the deployment itself has chosen: what begins so is never a picture. */
export function outputsOf({ JOBS_OUTPUT_PREFIX, JOBS_NEW_PICTURES }: OutputSettings): readonly string[] {
  return [JOBS_OUTPUT_PREFIX, ...JOBS_NEW_PICTURES.flatMap(({ output }) => output ?? [])];
}

/** The rule for a key: unless told, labels by the network's own classes with the options' defaults. */
export function ruleFor(key: string, { JOBS_NEW_PICTURES }: OutputSettings): EventRule {
  const found = JOBS_NEW_PICTURES.find(({ prefix }) => key.startsWith(prefix));
  return found ?? { prefix: '', task: 'classify', options: {}, owner: ANONYMOUS };
}

/** What of the rules does not fit: pictures that would lie where results are, which nobody ever looks at. */
export function hiddenPictures(settings: OutputSettings): readonly string[] {
  const outputs = outputsOf(settings);
  return settings.JOBS_NEW_PICTURES.flatMap(({ prefix }) => {
    const above = outputs.find((output) => prefix.startsWith(output));
    return above === undefined
      ? []
      : [`JOBS_NEW_PICTURES must have no pictures below ${above}, where results are, as ${prefix} is`];
  });
}
