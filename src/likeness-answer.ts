/** Answers about similarity: matches of a search, and copies. HTTP and RPC give the same. */
import * as z from 'zod';
import { collectionVersionSchema } from './collection-answer.ts';
import type { DuplicatesPage } from './collections/duplicates.ts';
import type { Changed } from './collections/facts.ts';
import type { FoundItem } from './collections/item-search.ts';

const similaritySchema = z
  .number()
  .min(-1)
  .max(1)
  .describe('Cosine of the embeddings: most copies have 0.7 and more, related things 0.2 to 0.5.');

export const copySchema = z.lazy(() =>
  z.object({ id: z.string(), label: z.string().nullable(), similarity: similaritySchema }).readonly(),
);

export const searchSchema = z.lazy(() =>
  z
    .object({
      matches: z
        .array(
          z
            .object({
              id: z.string().exactOptional().describe('Only for the owner.'),
              label: z.string().nullable(),
              similarity: similaritySchema,
              copy: z.boolean().describe('Whether it is the same photo, perhaps edited.'),
              metadata: z
                .record(z.string(), z.unknown())
                .readonly()
                .nullable()
                .exactOptional()
                .describe('Only for the owner.'),
            })
            .readonly(),
        )
        .readonly()
        .describe('The most similar first.'),
      collection: collectionVersionSchema,
    })
    .readonly()
    .meta({ id: 'Matches' }),
);

export const duplicatesSchema = z.lazy(() =>
  z
    .object({
      groups: z
        .array(
          z
            .object({
              id: z.string(),
              label: z.string().nullable(),
              copies: z
                .array(copySchema)
                .readonly()
                .describe('Items that are copies of it, in the order in which they were added.'),
            })
            .readonly(),
        )
        .readonly()
        .describe(
          'Items with copies that were added later. Each copy is listed once, with the first item that it is a copy of; a group may continue on a later page.',
        ),
      next_cursor: z
        .string()
        .exactOptional()
        .describe('Cursor of the next page; missing on the last. A page may be empty.'),
      collection: collectionVersionSchema,
    })
    .readonly()
    .meta({ id: 'Duplicates' }),
);

export type Copy = z.infer<typeof copySchema>;
export type Matches = z.infer<typeof searchSchema>;
export type Duplicates = z.infer<typeof duplicatesSchema>;

/** Callers with whom it is shared see no ids and no metadata. */
export function searchAnswer({ value, facts }: Changed<FoundItem[]>, caller: string, name: string): Matches {
  const own = facts.owner === caller;
  return {
    matches: value.map(({ id, label, similarity, copy, metadata }) => ({
      ...(own ? { id } : {}),
      label,
      similarity: shown(similarity),
      copy,
      ...(own ? { metadata: metadata === null ? null : JSON.parse(metadata) } : {}),
    })),
    collection: { name, version: facts.version },
  };
}

export function duplicatesAnswer({ value, facts }: Changed<DuplicatesPage>, name: string): Duplicates {
  const groups = new Map<
    string,
    Duplicates['groups'][number] & { readonly copies: z.infer<typeof copySchema>[] }
  >();
  for (const { id, label, original } of value.duplicates) {
    const group = groups.get(original.id) ?? { id: original.id, label: original.label, copies: [] };
    group.copies.push(copyAnswer({ id, label, similarity: original.similarity }));
    groups.set(original.id, group);
  }
  return {
    groups: [...groups.values()],
    ...(value.after === undefined ? {} : { next_cursor: value.after.toString(36) }),
    collection: { name, version: facts.version },
  };
}

export function copyAnswer({ id, label, similarity }: Copy): Copy {
  return { id, label, similarity: shown(similarity) };
}

/** Rounded to six decimals; the rest is noise. */
function shown(similarity: number): number {
  return Number(Math.max(-1, Math.min(1, similarity)).toFixed(6));
}
