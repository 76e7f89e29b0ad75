/** Options from the query, and from the fields sent with the picture, which override it. */
import type { Context } from 'hono';
import type { z } from 'zod';
import type { Result } from '../failure.ts';
import { type Given, readOptions } from '../given-options.ts';
import { classifyOptionsSchema, namesSchema, parseOptions } from '../options.ts';
import type { AppEnv } from './env.ts';

/**
 * A parser of the native API's options for a schema of `options.ts`: takes the query, and the fields sent with the
 * picture in JSON or a form. Most requests have no options, so the defaults are parsed only once.
 */
export function optionsReader<T extends z.ZodObject>(schema: T) {
  let unasked: Result<z.output<T>> | undefined;

  return (c: Context<AppEnv>, fields: Given = []): Result<z.output<T>> => {
    const query = fromQuery(c);
    if (query.length > 0 || fields.length > 0) return readOptions(schema, query, fields);
    unasked ??= readOptions(schema);
    return unasked;
  };
}

/** The same for the parameters of a dialect, whose names and values are only those of its protocol. */
export function parametersReader<T extends z.ZodObject>(schema: T) {
  return (c: Context<AppEnv>, fields: Given = []): Result<z.output<T>> =>
    parseOptions(schema, { ...c.req.query(), ...Object.fromEntries(fields) });
}

/** Otherwise the reference page would fill in "string" in a form. */
const NONE = { example: [] };

/** Options of a query, where a name with a dot means a member of an object. */
export const classifyQuerySchema = classifyOptionsSchema.omit({ labels: true }).extend({
  'labels.include': namesSchema
    .optional()
    .describe(
      'List only these classes, by synset or any of their names, or by a group that they are in; repeat it or separate them by commas.',
    )
    .meta(NONE),
  'labels.exclude': namesSchema
    .optional()
    .describe('Do not list these classes or groups; repeat it or separate them by commas.')
    .meta(NONE),
});

export function fromQuery(c: Context<AppEnv>): Given {
  return Object.entries(c.req.queries()).flatMap(([name, values]) =>
    values.map((value) => [name, value] as const),
  );
}
