/** The task `index`: adds pictures to a collection as items. */
import * as z from 'zod';
import type { Seen } from '../classifier.ts';
import { type AddedItem, addedAnswer } from '../collection-status.ts';
import type { Collections } from '../collections/collections.ts';
import type { NewItem } from '../collections/item.ts';
import { isPrintable, MAX_ID_LENGTH, MAX_LABEL_LENGTH, type Reference } from '../collections/names.ts';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import { itemOfPicture } from '../teaching.ts';
import type { JobSpec } from './schemas.ts';

const LABEL_FROM = '"folder"';

export const indexOptionsSchema = z.object({
  label_from: z
    .enum(['folder'], { error: LABEL_FROM })
    .optional()
    .describe(
      'The source of labels: the name of the folder that a key is in. Without it items get no labels.',
    ),
});

export type IndexOptions = z.output<typeof indexOptionsSchema>;

/** What is to be stored of a picture. */
export interface Indexed {
  readonly key: string;
  readonly item: NewItem;
}

/** The item of a picture, whose id is its key. A key that is too long for an id goes into the metadata. */
export async function indexed(
  key: string,
  seen: Seen,
  bytes: Uint8Array,
  { label_from }: IndexOptions,
): Promise<Indexed> {
  const folder = label_from === 'folder' ? key.split('/').at(-2) : undefined;
  const isLabel =
    folder !== undefined && folder !== '' && folder.length <= MAX_LABEL_LENGTH && isPrintable(folder);
  const isId = key.length <= MAX_ID_LENGTH && isPrintable(key);
  const item = await itemOfPicture(seen, bytes, {
    ...(isId ? { id: key } : { metadata: { key } }),
    ...(isLabel ? { label: folder } : {}),
  });
  return { key, item };
}

/** Only the owner's own collection, because a job changes it. */
export function collectionOf({ owner, collection = '' }: Pick<JobSpec, 'owner' | 'collection'>): Reference {
  return { owner, name: collection.split('/').at(-1) ?? '' };
}

/**
 * Adds items to the collection of a job. An item that is added again replaces itself, so a message may be delivered
 * twice.
 *
 * @returns the outcome for each key.
 * @throws if a retry may help: the collection does not answer.
 */
export async function keepItems(
  collections: Collections,
  spec: Pick<JobSpec, 'owner' | 'collection'>,
  items: readonly Indexed[],
): Promise<ReadonlyMap<string, Result<AddedItem>>> {
  if (items.length === 0) return new Map();
  const added = await collections.add(
    collectionOf(spec),
    spec.owner,
    items.map(({ item }) => item),
  );
  if (!added.ok && isOfTheMoment(added.failure)) throw new Error(`The collection: ${added.failure.code}`);
  const outcomes = new Map<string, Result<AddedItem>>();
  for (const [i, { key, item }] of items.entries()) {
    const outcome = added.ok ? (added.value.value[i] ?? fail({ code: 'internal' })) : added;
    outcomes.set(
      key,
      outcome.ok && added.ok
        ? ok(addedAnswer(item, outcome.value, added.value.facts.version))
        : fail(outcome.ok ? { code: 'internal' } : outcome.failure),
    );
  }
  return outcomes;
}

/** Failures of a collection that a retry may resolve. */
export function isOfTheMoment({ code }: Failure): boolean {
  return code === 'collection_busy' || code === 'collection_newer' || code === 'internal';
}
