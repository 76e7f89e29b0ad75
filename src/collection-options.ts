/** Options about a collection, over HTTP and RPC. */
import * as z from 'zod';
import { isPrintable, MAX_ID_LENGTH, MAX_LABEL_LENGTH, MAX_METADATA_BYTES } from './collections/names.ts';
import { MAX_SHARDS } from './collections/shard-of.ts';
import { classifyOptionsSchema, flagSchema, fromText, namesSchema } from './options.ts';

const VERSION = 'a whole number from 1';
const COLLECTION = 'the name of a collection of yours, or OWNER/NAME for one that is shared';
const ID = `1 to ${MAX_ID_LENGTH} characters, none of them a control character`;
const LABEL = `1 to ${MAX_LABEL_LENGTH} characters, none of them a control character`;
const METADATA = `an object whose JSON has at most ${MAX_METADATA_BYTES} bytes`;
const MATCHES = 'a whole number from 1 to 100';
const SIMILARITY = 'a number from -1 to 1';
const LIMIT = 'a whole number from 1 to 1000';
const SHARED = 'must be true or false';
const SHARDS = `must be a whole number from 1 to ${MAX_SHARDS}`;

/** Options for making a collection. */
export const makeSchema = z.looseObject(
  {
    shared: z
      .boolean({ error: SHARED })
      .optional()
      .describe('Whether other keys may classify with it, as OWNER/NAME. False unless it was set before.'),
    shards: z
      .int({ error: SHARDS })
      .min(1, { error: SHARDS })
      .max(MAX_SHARDS, { error: SHARDS })
      .optional()
      .describe(
        'Number of its objects: more than 1 for more items than `max_items`, and for search only. It is chosen when the collection is made, 1 by default, and cannot be changed.',
      ),
  },
  { error: 'must be an object, such as {"shared": false}' },
);

/** Options that choose the collection, plus those of the network's own classes, so that all are known by name. */
export const collectionChoice = {
  collection: z
    .string({ error: COLLECTION })
    .optional()
    .describe('Classify by the labels of this collection: its name, or OWNER/NAME for one that is shared.'),
  collection_version: z
    .preprocess(fromText, z.int({ error: VERSION }).min(1, { error: VERSION }))
    .optional()
    .describe('Answer with at least this version of the collection, as stated in the answer to a change.'),
};

/** Options of a classification by a collection: `labels` are those of its items. */
export const collectionOptionsSchema = classifyOptionsSchema
  .pick({ top_k: true, min_score: true })
  .extend(collectionChoice)
  .extend({
    labels: z
      .object({
        include: namesSchema.optional().describe('List only these labels.'),
        exclude: namesSchema.optional().describe('Do not list these labels.'),
      })
      .prefault({})
      .describe('Which labels to list. It does not change scores.'),
  });

export type CollectionOptions = z.output<typeof collectionOptionsSchema>;

function printable(max: number, error: string) {
  return z.string({ error }).min(1, { error }).max(max, { error }).refine(isPrintable, { error });
}

export const labelSchema = printable(MAX_LABEL_LENGTH, LABEL);
export const idSchema = printable(MAX_ID_LENGTH, ID);

/** In a query and a form, as JSON text. */
export const metadataSchema = z
  .preprocess(
    fromJson,
    z
      .record(z.string(), z.unknown(), { error: METADATA })
      .refine((value) => new TextEncoder().encode(JSON.stringify(value)).byteLength <= MAX_METADATA_BYTES, {
        error: METADATA,
      }),
  )
  .describe('Any facts about the picture, at most 4096 bytes of JSON; returned with the item.');

function fromJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Options for an added picture. */
export const teachOptionsSchema = z.object({
  label: labelSchema.optional().describe('What the picture shows: the class that it is an example of.'),
  id: idSchema.optional().describe('The SHA-256 of the file in hexadecimal digits by default.'),
  metadata: metadataSchema.optional(),
  copies: flagSchema
    .prefault(true)
    .describe('Whether to report in `copy_of` which older item it is a copy of.'),
});

export type TeachOptions = z.output<typeof teachOptionsSchema>;

/** What to change of an item; null removes a value. */
export const changeSchema = z.object({
  label: labelSchema.nullable().optional().describe('Null removes the label.'),
  metadata: metadataSchema.nullable().optional().describe('Null removes it.'),
});

/** Options for listing items. */
export const listQuerySchema = z.object({
  label: labelSchema.optional().describe('Only items with this label.'),
  cursor: z.string().optional().describe('`next_cursor` of the previous page.'),
  limit: z
    .preprocess(fromText, z.int({ error: LIMIT }).min(1, { error: LIMIT }).max(1000, { error: LIMIT }))
    .prefault(100)
    .describe('Items on a page.'),
});

/** Options for listing duplicates. */
export const duplicatesQuerySchema = listQuerySchema.pick({ cursor: true }).extend({
  limit: listQuerySchema.shape.limit.describe(
    'Most copies on a page. A page may end earlier, because its cost is bounded.',
  ),
});

/** Options of a search, sent with the picture. */
export const searchOptionsSchema = z.object({
  top_k: z
    .preprocess(fromText, z.int({ error: MATCHES }).min(1, { error: MATCHES }).max(100, { error: MATCHES }))
    .prefault(10)
    .describe('How many matches to list, the most similar first.'),
  min_similarity: z
    .preprocess(
      fromText,
      z.number({ error: SIMILARITY }).min(-1, { error: SIMILARITY }).max(1, { error: SIMILARITY }),
    )
    .prefault(-1)
    .describe('Least similarity of a match.'),
  label: labelSchema.optional().describe('Only items with this label.'),
});
