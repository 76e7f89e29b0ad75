/** Options from the query, and from the fields beside the picture, which win. */
import type { Context } from 'hono';
import type { z } from 'zod';
import type { Result } from '../failure.ts';
import { classifyOptionsSchema, namesSchema, parseOptions } from '../options.ts';
import type { AppEnv } from './env.ts';

/**
 * Reads options against a schema of `options.ts`.
 *
 * @param fields what came beside the picture in JSON or a form.
 */
export function readOptions<T extends z.ZodObject>(
  c: Context<AppEnv>,
  schema: T,
  fields: Readonly<Record<string, unknown>> = {},
): Result<z.output<T>> {
  return parseOptions(schema, { ...fromQuery(c), ...fields });
}

/** Options of a query, where a name with a dot stands for a member of an object. */
export const classifyQuerySchema = classifyOptionsSchema.omit({ labels: true }).extend({
  'labels.include': namesSchema
    .optional()
    .describe(
      'List only these classes, by synset or any of their names; repeat it or separate them by commas.',
    ),
  'labels.exclude': namesSchema
    .optional()
    .describe('Do not list these classes; repeat it or separate them by commas.'),
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
