/** Questions about pictures: their options, and how the answer is made. */
import type { Context } from 'hono';
import type { z } from 'zod';
import { classification } from '../answer.ts';
import type { Seen } from '../classifier.ts';
import { type CollectionQuestion, collectionClassification, listedLabels } from '../collection-answer.ts';
import { collectionChoice, collectionOptionsSchema } from '../collection-options.ts';
import type { Collections } from '../collections/collections.ts';
import { referenceOf } from '../collections/names.ts';
import { fail, ok, type Result } from '../failure.ts';
import { type Given, readOptions } from '../given-options.ts';
import { optionNames } from '../option-names.ts';
import { type ClassifyOptions, classifyOptionsSchema } from '../options.ts';
import { ANONYMOUS } from '../settings-lists.ts';
import type { AppEnv } from './env.ts';
import { fromQuery, optionsReader } from './options.ts';

export interface Question<O, T> {
  /** Every option by name. */
  readonly names: readonly string[];
  /** Parses the options of the query, and of the fields sent with the picture, which override it. */
  read(c: Context<AppEnv>, fields?: Given): Result<O> | Promise<Result<O>>;
  answer(seen: Seen, options: O): T;
}

export function questionOf<S extends z.ZodObject, T>(
  schema: S,
  answer: (seen: Seen, options: z.output<S>) => T,
): Question<z.output<S>, T> {
  return { names: optionNames(schema), read: optionsReader(schema), answer };
}

const eitherSchema = classifyOptionsSchema.extend(collectionChoice);

type Asked =
  | { readonly of: 'network'; readonly options: ClassifyOptions }
  | { readonly of: 'collection'; readonly question: CollectionQuestion };

/** Classifies a picture by the network's own classes, or by the labels of a collection if one is named. */
export function classifyQuestion(
  collections: Collections,
): Question<Asked, ReturnType<typeof classification> | ReturnType<typeof collectionClassification>> {
  const ofNetwork = optionsReader(eitherSchema);
  return {
    names: optionNames(eitherSchema),
    async read(c, fields = []) {
      const given = [...fromQuery(c), ...fields];
      if (!given.some(([name, value]) => name === 'collection' && value !== null)) {
        const options = ofNetwork(c, fields);
        return options.ok ? ok({ of: 'network', options: options.value }) : options;
      }
      const options = readOptions(collectionOptionsSchema, fromQuery(c), fields);
      if (!options.ok) return options;
      const { collection: name = '', collection_version: version, labels } = options.value;
      const caller = c.get('record').caller ?? ANONYMOUS;
      const reference = referenceOf(name, caller);
      if (reference === undefined) return fail({ code: 'collection_unknown' });
      const { origin } = new URL(c.req.url);
      const served = await collections.open({ reference, caller, origin, version });
      if (!served.ok) return served;
      const listed = listedLabels(served.value.head.labels, labels);
      if (!listed.ok) return listed;
      const question = { served: served.value, caller, name, options: options.value, listed: listed.value };
      return ok({ of: 'collection', question });
    },
    answer: (seen, asked) =>
      asked.of === 'network'
        ? classification(seen, asked.options)
        : collectionClassification(seen, asked.question),
  };
}
