/** Options from the query, and from the fields beside the picture, which win. */
import type { Context } from 'hono';
import type { z } from 'zod';
import type { Result } from '../failure.ts';
import { classifyOptionsSchema, namesSchema, parseOptions } from '../options.ts';
import type { AppEnv } from './env.ts';

/**
 * A reader of options against a schema of `options.ts`: takes the query, and what came beside the picture in JSON or
 * a form. Most requests ask for nothing, and what they get then is found once.
 */
export function optionsReader<T extends z.ZodObject>(schema: T) {
  let unasked: Result<z.output<T>> | undefined;

  return (c: Context<AppEnv>, fields: Readonly<Record<string, unknown>> = {}): Result<z.output<T>> => {
    const given = { ...fromQuery(c), ...fields };
    if (Object.keys(given).length > 0) return parseOptions(schema, given);
    unasked ??= parseOptions(schema, given);
    return unasked;
  };
}

/** Options of a query, where a name with a dot stands for a member of an object. */
export const classifyQuerySchema = classifyOptionsSchema.omit({ labels: true }).extend({
  'labels.include': namesSchema
    .optional()
    .describe(
      'List only these classes, by synset or any of their names, or by a group that they are in; repeat it or separate them by commas.',
    ),
  'labels.exclude': namesSchema
    .optional()
    .describe('Do not list these classes or groups; repeat it or separate them by commas.'),
});

/** The query's options; `labels.include` and `labels.exclude` may be repeated or list names with commas. */
function fromQuery(c: Context<AppEnv>): Record<string, unknown> {
  const include = names(c.req.queries('labels.include'));
  const exclude = names(c.req.queries('labels.exclude'));
  const labels = { ...(include && { include }), ...(exclude && { exclude }) };
  return { ...c.req.query(), ...(include || exclude ? { labels } : {}) };
}

function names(values: readonly string[] | undefined): string[] | undefined {
  return values?.flatMap((value) => value.split(',')).map((name) => name.trim());
}
