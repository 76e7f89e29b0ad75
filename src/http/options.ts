/** Options from the query, against the schema that every door shares. */
import { fail, ok, type Result } from '../failure.ts';
import { type ClassifyOptions, classifyOptionsSchema } from '../options.ts';

/** Unknown names are ignored, so that a caller may add parameters of its own (a cache buster, say). */
export function readClassifyOptions(query: Record<string, string>): Result<ClassifyOptions> {
  const parsed = classifyOptionsSchema.safeParse(query);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return fail({
    code: 'option_invalid',
    option: issue?.path.join('.') ?? 'an option',
    reason: issue?.message ?? 'as the documentation says',
  });
}
