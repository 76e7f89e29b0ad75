/** Answers about the state and the items of a collection. HTTP and RPC give the same. */
import * as z from 'zod';
import { embeddingSpaceSchema } from './answer.ts';
import { collectionVersionSchema } from './collection-answer.ts';
import type { Added, Item, ItemPage, NewItem } from './collections/item.ts';
import type { Status, Summary } from './collections/status.ts';
import type { Failure } from './failure.ts';
import { copyAnswer, copySchema } from './likeness-answer.ts';

const time = z.iso.datetime();
const part = z.number().min(0).max(1);

export const collectionSummarySchema = z.lazy(() =>
  z
    .object({
      name: z.string(),
      owner: z.string().exactOptional().describe('The owner; present only if it is not yours.'),
      shared: z.boolean().describe('Whether other keys may classify with it, as OWNER/NAME.'),
      state: z
        .enum(['empty', 'stale', 'ready', 'search_only'])
        .describe(
          '`empty`: no item has a label. `stale`: labelled items have changed, and the next classification trains first. `ready`: there is a head to answer with, such as an activated one. `search_only`: it has shards, which are searched and not trained on.',
        ),
      version: z.int().min(1).describe('Goes up with every change.'),
      embedding_space: embeddingSpaceSchema,
      items: z.int().min(0),
      labelled: z.int().min(0).describe('Items with a label.'),
      shards: z.int().min(1).describe('Number of its objects.'),
      active_version: z
        .int()
        .exactOptional()
        .describe('The activated version that answers; missing if the newest does.'),
      created: time,
    })
    .readonly()
    .meta({ id: 'CollectionSummary' }),
);

const countedAccuracy = z.lazy(() =>
  z.object({ value: part, examples: z.int().describe('Number of examples.') }).readonly(),
);

export const collectionStatusSchema = z.lazy(() =>
  collectionSummarySchema
    .unwrap()
    .unwrap()
    .extend({
      labels: z
        .array(
          z
            .object({
              label: z.string(),
              count: z.int().min(0).describe('Items with it; 0 if only an imported version has it.'),
              accuracy: part
                .exactOptional()
                .describe(
                  'Share of them that is classified correctly if each is left out of the examples; from five items on.',
                ),
            })
            .readonly(),
        )
        .readonly()
        .describe('Sorted by name.'),
      accuracy: countedAccuracy
        .exactOptional()
        .describe(
          'Share of the labelled items that are classified correctly if each is left out: from five items of every label on. With fewer than ten of each, it is lower than the accuracy on new pictures.',
        ),
      confused: z
        .array(
          z
            .object({
              label: z.string(),
              taken_for: z.string(),
              count: z.int().min(1),
              ids: z
                .array(z.string())
                .readonly()
                .exactOptional()
                .describe('Ids of the items; only for the owner.'),
            })
            .readonly(),
        )
        .readonly()
        .describe('The labels that are most often confused, the most frequent pair first.'),
      trained_version: z
        .int()
        .exactOptional()
        .describe(
          'The version that accuracy and confused pairs belong to: an older one while the state is `stale`.',
        ),
    })
    .readonly()
    .meta({ id: 'Collection' }),
);

export const collectionListSchema = z.lazy(() =>
  z
    .object({ collections: z.array(collectionSummarySchema).readonly() })
    .readonly()
    .meta({ id: 'Collections' }),
);

export const itemSchema = z.lazy(() =>
  z
    .object({
      id: z.string(),
      label: z.string().nullable(),
      metadata: z.record(z.string(), z.unknown()).readonly().nullable(),
      added: time.describe('When it was first added.'),
    })
    .readonly()
    .meta({ id: 'Item' }),
);

export const itemPageSchema = z.lazy(() =>
  z
    .object({
      items: z.array(itemSchema).readonly().describe('In the order in which they were added.'),
      next_cursor: z.string().exactOptional().describe('Cursor of the next page; missing on the last.'),
    })
    .readonly()
    .meta({ id: 'Items' }),
);

export const addedSchema = z.lazy(() =>
  z
    .object({
      id: z.string(),
      label: z.string().nullable(),
      status: z
        .enum(['added', 'replaced', 'unchanged'])
        .describe('`replaced`: the id existed, and now has this label, metadata and picture.'),
      version: z.int().min(1).describe("The collection's, with this item in it."),
      copy_of: copySchema
        .exactOptional()
        .describe(
          'The older item that it is a copy of: the same photo, perhaps edited. If there are several, the one that was added first. Missing if there is none.',
        ),
    })
    .readonly()
    .meta({ id: 'AddedItem' }),
);

export const removedSchema = z.lazy(() =>
  z
    .object({ removed: z.int().min(0), collection: collectionVersionSchema })
    .readonly()
    .meta({ id: 'RemovedItems' }),
);

export const changedSchema = z.lazy(() =>
  itemSchema
    .unwrap()
    .unwrap()
    .extend({ collection: collectionVersionSchema })
    .readonly()
    .meta({ id: 'ChangedItem' }),
);

export type CollectionSummary = z.infer<typeof collectionSummarySchema>;
export type CollectionStatus = z.infer<typeof collectionStatusSchema>;
export type ItemFacts = z.infer<typeof itemSchema>;
export type ItemList = z.infer<typeof itemPageSchema>;
export type AddedItem = z.infer<typeof addedSchema>;
export type RemovedItems = z.infer<typeof removedSchema>;

export function summaryAnswer(summary: Summary, caller: string): CollectionSummary {
  const { name, owner, shared, state, version, embeddingSpace, items, labelled, shards, created, active } =
    summary;
  return {
    name,
    ...(owner === caller ? {} : { owner }),
    shared,
    state,
    version,
    embedding_space: embeddingSpace,
    items,
    labelled,
    shards,
    ...(active === undefined ? {} : { active_version: active }),
    created: new Date(created).toISOString(),
  };
}

/** Callers with whom it is shared see no ids. */
export function statusAnswer(status: Status, caller: string): CollectionStatus {
  const { labels, report, owner } = status;
  const accuracies = new Map(report?.labels.map(({ label, accuracy }) => [label, accuracy]));
  return {
    ...summaryAnswer(status, caller),
    labels: labels.map(({ label, items }) => {
      const accuracy = accuracies.get(label);
      return { label, count: items, ...(accuracy === undefined ? {} : { accuracy }) };
    }),
    ...(report?.accuracy === undefined ? {} : { accuracy: report.accuracy }),
    confused: (report?.confused ?? []).map(({ ids, ...pair }) => ({
      ...pair,
      ...(owner === caller ? { ids } : {}),
    })),
    ...(report === undefined ? {} : { trained_version: report.trained }),
  };
}

export function itemAnswer({ id, label, metadata, added }: Item): ItemFacts {
  return {
    id,
    label,
    metadata: metadata === null ? null : JSON.parse(metadata),
    added: new Date(added).toISOString(),
  };
}

export function pageAnswer({ items, after }: ItemPage): ItemList {
  return {
    items: items.map(itemAnswer),
    ...(after === undefined ? {} : { next_cursor: after.toString(36) }),
  };
}

export const CURSOR_WANTED: Failure = {
  code: 'option_invalid',
  option: 'cursor',
  reason: '"next_cursor" of an earlier answer',
};

/** @returns undefined if it is not a cursor of ours. */
export function positionOf(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return 0;
  return /^[0-9a-z]{1,10}$/.test(cursor) ? Number.parseInt(cursor, 36) : undefined;
}

export function addedAnswer({ id, label }: NewItem, { status, copyOf }: Added, version: number): AddedItem {
  return {
    id,
    label: label ?? null,
    status,
    version,
    ...(copyOf === undefined ? {} : { copy_of: copyAnswer(copyOf) }),
  };
}
