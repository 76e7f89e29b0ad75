/** Rules of the deployment for new pictures in the bucket, by the prefix of their keys. */
import * as z from 'zod';
import { referenceOf } from '../collections/names.ts';
import { type Settings, SettingsError } from '../settings.ts';
import { ANONYMOUS } from '../settings-lists.ts';
import { jobRequestSchema, type Task } from './schemas.ts';

type RuleSettings = Pick<Settings, 'JOBS_NEW_PICTURES' | 'JOBS_OUTPUT_PREFIX'>;

export interface EventRule {
  /** Prefix of the keys that it applies to. */
  readonly prefix: string;
  readonly task: Task;
  readonly options: Readonly<Record<string, unknown>>;
  /** `NAME`, for a collection made without a key, or `OWNER/NAME`. */
  readonly collection?: string;
  /** The owner whose collections are named without an owner. */
  readonly owner: string;
  /** JOBS_OUTPUT_PREFIX if unset. */
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

/**
 * The rules of a deployment. The first one whose prefix matches a key applies.
 *
 * @throws SettingsError naming the invalid entry and what it should be.
 */
export function eventRulesOf({ JOBS_NEW_PICTURES, JOBS_OUTPUT_PREFIX }: RuleSettings): readonly EventRule[] {
  const rules = JOBS_NEW_PICTURES.map((entry, i) => {
    const parsed = ruleSchema.safeParse(entry);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw wrongEntry(i, `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
    }
    return parsed.data;
  });
  const outputs = prefixesOf(rules, JOBS_OUTPUT_PREFIX);
  for (const [i, { prefix }] of rules.entries()) {
    const above = outputs.find((output) => prefix.startsWith(output));
    if (above !== undefined)
      throw wrongEntry(i, `source.prefix must not begin with ${above}, where results are`);
  }
  return rules;
}

export function wrongEntry(i: number, reason: string): SettingsError {
  return new SettingsError(`Wrong settings: JOBS_NEW_PICTURES, entry ${i + 1}: ${reason}.`);
}

/** Prefixes of results that the deployment itself has chosen: keys that begin so are never pictures. */
export function outputsOf(settings: RuleSettings): readonly string[] {
  return prefixesOf(eventRulesOf(settings), settings.JOBS_OUTPUT_PREFIX);
}

function prefixesOf(rules: readonly EventRule[], output: string): readonly string[] {
  return [output, ...rules.flatMap((rule) => rule.output ?? [])];
}

/** The rule for a key; by default, labels by the network's own classes with the default options. */
export function ruleFor(key: string, rules: readonly EventRule[]): EventRule {
  const found = rules.find(({ prefix }) => key.startsWith(prefix));
  return found ?? { prefix: '', task: 'classify', options: {}, owner: ANONYMOUS };
}
