/** Options from the query, and from the fields beside the picture, which win. */
import type { Context } from 'hono';
import type { z } from 'zod';
import { fail, ok, type Result } from '../failure.ts';
import type { AppEnv } from './env.ts';

/**
 * Reads options against a schema of `options.ts`.
 *
 * Unknown names are ignored, so that a caller may add parameters of its own (a cache buster, say).
 *
 * @param fields what came beside the picture in JSON or a form.
 */
export function readOptions<T extends z.ZodObject>(
  c: Context<AppEnv>,
  schema: T,
  fields: Readonly<Record<string, unknown>> = {},
): Result<z.output<T>> {
  const parsed = schema.safeParse({ ...fromQuery(c), ...fields });
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const option = issue?.path.map(String).join('.') || 'the options';
  return fail({ code: 'option_invalid', option, reason: issue?.message ?? 'as the documentation says' });
}

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
