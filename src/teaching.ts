/** Makes an item of a collection from a classified picture or an embedding. */
import type { Seen } from './classifier.ts';
import type { TeachOptions } from './collection-options.ts';
import { type AddedItem, addedAnswer } from './collection-status.ts';
import type { Added, NewItem } from './collections/item.ts';
import { storedVector } from './collections/vectors.ts';
import { fail, ok, type Result } from './failure.ts';
import { EMBEDDING_SPACE } from './inference/embedding-space.ts';

/** @param bytes of the file: its SHA-256 is the id unless the caller gives one, so that the same file is added once. */
export async function itemOfPicture(
  { embedding, fingerprint }: Seen,
  bytes: Uint8Array,
  options: Partial<TeachOptions>,
): Promise<NewItem> {
  return { ...(await said(bytes, options)), vector: storedVector(embedding), fingerprint };
}

/** @param space the embedding space that the caller states. */
export async function itemOfEmbedding(
  embedding: Float32Array,
  space: string | undefined,
  options: TeachOptions,
): Promise<Result<NewItem>> {
  if (space !== undefined && space !== EMBEDDING_SPACE)
    return fail({ code: 'embedding_space_differs', given: space, wanted: EMBEDDING_SPACE });
  const { buffer, byteOffset, byteLength } = embedding;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  return ok({ ...(await said(bytes, options)), vector: storedVector(embedding) });
}

async function said(
  bytes: Uint8Array,
  { id, label, metadata, copies }: Partial<TeachOptions>,
): Promise<Omit<NewItem, 'vector'>> {
  return {
    id: id ?? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toHex(),
    ...(label === undefined ? {} : { label }),
    ...(metadata === undefined ? {} : { metadata: JSON.stringify(metadata) }),
    ...(copies === undefined ? {} : { copies }),
  };
}

/**
 * The result for each.
 *
 * @param outcomes of those that could be made, in order.
 * @param version of the collection, including them.
 */
export function addedItems(
  made: readonly Result<NewItem>[],
  outcomes: readonly Result<Added>[],
  version: number,
): Result<AddedItem>[] {
  const rest = outcomes[Symbol.iterator]();
  return made.map((one) => {
    if (!one.ok) return one;
    const outcome = rest.next().value ?? fail({ code: 'internal' });
    return outcome.ok ? ok(addedAnswer(one.value, outcome.value, version)) : outcome;
  });
}
